-- check: harm-item-overdue
-- title: 问题到期没有整改 | An item not rectified in time
-- level: orange
-- subject: register
-- key: subject
-- needs: harm_items
-- opens: issue
-- ledger: inspection
-- owner: 纪委监委
-- due: 30 days
-- basis: 漠视侵害群众利益专项整治方案 | the programme against harm to people
-- message: {unit} 的问题 {item_no} 应于 {due} 前整改,尚未完成 | item {item_no} of {unit} was due on {due} and is not rectified
-- public: item_no, unit, due
SELECT h._key AS subject, h._row AS item_row, h.item_no, h.unit, h.due
FROM harm_items h
WHERE h.rectified IS NULL AND h.due < CAST(:as_of AS DATE);
