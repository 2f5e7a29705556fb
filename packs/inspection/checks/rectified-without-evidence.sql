-- check: rectified-without-evidence
-- title: 报整改没有佐证 | Rectified without evidence
-- level: orange
-- subject: register
-- key: subject
-- needs: harm_items
-- opens: worklist
-- ledger: inspection
-- owner: 纪委监委
-- due: 60 days
-- basis: 漠视侵害群众利益专项整治方案 | the programme against harm to people
-- message: {unit} 的问题 {item_no} 于 {rectified} 报整改,没有佐证材料 | item {item_no} of {unit}, rectified on {rectified}, has no evidence
-- public: item_no, unit, rectified
SELECT h._key AS subject, h._row AS item_row, h.item_no, h.unit, h.rectified
FROM harm_items h
WHERE h.rectified IS NOT NULL AND h.evidence IS NULL;
