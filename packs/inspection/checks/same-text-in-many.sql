-- check: same-text-in-many
-- title: 多个问题整改内容雷同 | One text for many items
-- level: yellow
-- subject: unit
-- key: subject, first_item
-- needs: harm_items
-- opens: worklist
-- ledger: inspection
-- owner: 纪委监委
-- due: 60 days
-- basis: 审计常用口径:去掉人名和数字后相同(参数) | audit practice: equal without names and numbers (a parameter)
-- message: {items} 个问题的整改内容除数字外相同 | {items} items have the same text but for numbers
-- public: first_item, items
SELECT min(h.unit) AS subject, min(h.item_no) AS first_item, list(h._row) AS item_rows, count(*) AS items
FROM harm_items h
WHERE h.measure IS NOT NULL AND length(h.measure) >= 12
GROUP BY regexp_replace(h.measure, '[0-9. ]+', '', 'g')
HAVING count(*) >= :same_text;
