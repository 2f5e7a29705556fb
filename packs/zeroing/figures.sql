-- figure: zero.items
-- title: 清零的方面 | Kinds cleared
-- definition: 台账中的类别,一类只计一次 | kinds of the ledger, each once
-- value: count(*)
-- unit: 个
-- of: zero_items
SELECT z.kind, min(z._row) AS item_row
FROM zero_items z
GROUP BY z.kind;

-- figure: zero.households
-- title: 涉及的户 | Households
-- definition: 台账中的户主,一户只计一次 | heads of the ledger, each once
-- value: count(*)
-- unit: 户
-- of: zero_items
SELECT z.person, list(z._row) AS item_rows
FROM zero_items z
GROUP BY z.person;

-- figure: zero.all_struck
-- title: 逐个解决销号 | All struck off
-- definition: 没有销号日期的问题(没有例外,说法才成立) | problems not struck off; the claim holds where there is none
-- value: exceptions
-- unit: 户
-- of: zero_items
SELECT z.item_no, z.name, z._row AS item_row
FROM zero_items z
WHERE z.struck IS NULL;
