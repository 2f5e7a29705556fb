-- figure: disc.inspections
-- title: 监督检查次数 | Inspections
-- definition: “四不两直”方式的监督检查次数 | unannounced inspections
-- value: count(*)
-- unit: 次
-- of: inspections
SELECT i.place, i._row AS visit_row
FROM inspections i
WHERE i.style = '四不两直';

-- figure: disc.clues
-- title: 发现问题线索 | Clues found
-- definition: 问题线索各月受理件数之和(只报数) | clues received over all months; numbers only
-- value: sum(received)
-- unit: 件
-- round: 0
-- of: clue_counts
SELECT c.received, c._row AS count_row
FROM clue_counts c
WHERE c.kind = '问题';

-- figure: disc.clues_closed
-- title: 问题线索办结 | Clues closed
-- definition: 问题线索各月办结件数之和 | clues closed over all months
-- value: sum(closed)
-- unit: 件
-- round: 0
-- of: clue_counts
SELECT c.closed, c._row AS count_row
FROM clue_counts c
WHERE c.kind = '问题';

-- figure: disc.indifference
-- title: 漠视侵害群众利益问题 | Items of harm
-- definition: 整改台账中的问题 | items of the ledger
-- value: count(*)
-- unit: 个
-- of: harm_items
SELECT h.item_no, h._row AS item_row
FROM harm_items h;

-- figure: disc.indifference_fixed
-- title: 已整改 | Rectified
-- definition: 整改台账中有整改完成日期的问题 | items with a date of rectification
-- value: count(*)
-- unit: 个
-- of: harm_items
SELECT h.item_no, h._row AS item_row
FROM harm_items h
WHERE h.rectified IS NOT NULL;

-- figure: disc.indifference_rate
-- title: 整改率 | Share rectified
-- value: disc.indifference_fixed / disc.indifference
-- unit: %
-- round: 0

-- figure: disc.legal
-- title: 涉纪涉法线索类台账 | Matters of discipline or law
-- definition: 涉纪涉法线索各月受理件数之和(只报数) | received over all months; numbers only
-- value: sum(received)
-- unit: 件
-- round: 0
-- of: clue_counts
SELECT c.received, c._row AS count_row
FROM clue_counts c
WHERE c.kind = '涉纪';

-- figure: disc.legal_disposed
-- title: 涉纪涉法线索已处置 | Disposed of
-- definition: 涉纪涉法线索各月处置件数之和;处置不等于办结 | disposed of over all months; not the same as closed
-- value: sum(disposed)
-- unit: 件
-- round: 0
-- of: clue_counts
SELECT c.disposed, c._row AS count_row
FROM clue_counts c
WHERE c.kind = '涉纪';

-- figure: disc.legal_handled
-- title: 涉纪涉法线索全部处置 | All disposed of
-- definition: 处置件数少于受理件数的月份(没有例外,说法才成立) | months with fewer disposed of than received; the claim holds where there is none
-- value: exceptions
-- unit: 月
-- of: clue_counts
SELECT c.month, c._row AS count_row
FROM clue_counts c
WHERE c.kind = '涉纪' AND c.disposed < c.received;

-- figure: disc.legal_rate
-- title: 处置率 | Share disposed of
-- value: disc.legal_disposed / disc.legal
-- unit: %
-- round: 0
