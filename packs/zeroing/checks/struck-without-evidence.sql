-- check: struck-without-evidence
-- title: 销号没有佐证 | Struck off without evidence
-- level: orange
-- subject: register
-- key: subject
-- needs: zero_items
-- opens: worklist
-- ledger: zeroing
-- owner: 扶贫办
-- due: 60 days
-- basis: 县“十个清零”专项行动方案:逐户销号 | the county's programme: struck off one by one
-- message: {item_no}({kind})于 {struck} 销号,没有佐证材料 | {item_no} ({kind}) was struck off on {struck} without evidence
-- public: item_no, kind, struck
SELECT z._key AS subject, z._row AS item_row, z.item_no, z.kind, z.struck
FROM zero_items z
WHERE z.struck IS NOT NULL AND z.evidence IS NULL;
