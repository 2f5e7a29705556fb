-- check: checked-by-the-rectifier
-- title: 整改人自己核查 | Checked by the one who rectified
-- level: orange
-- subject: register
-- key: subject
-- needs: harm_items
-- opens: worklist
-- ledger: inspection
-- owner: 纪委监委
-- due: 60 days
-- basis: 销号核查须由整改责任人以外的人进行 | an item is checked by somebody else
-- message: {unit} 的问题 {item_no} 整改责任人与核查人为同一人 | item {item_no} of {unit} was checked by the one who rectified it
-- public: item_no, unit
SELECT h._key AS subject, h._row AS item_row, h.item_no, h.unit
FROM harm_items h
WHERE h.rectified IS NOT NULL AND replace(h.checked_by, ' ', '') = replace(h.rectified_by, ' ', '');
