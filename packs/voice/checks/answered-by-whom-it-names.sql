-- check: answered-by-whom-it-names
-- title: 由被反映单位答复 | Answered by whom it names
-- level: red
-- subject: register
-- key: subject
-- needs: complaints
-- opens: issue
-- ledger: voice
-- owner: 信访局
-- due: 60 days
-- basis: 《检举控告工作规则》第四十七条、《信访工作条例》第三十条:回避;不得转给被反映者 | rules on accusations, article 47: not to be passed to whom it names
-- message: {receipt} 反映 {unit},由同一单位答复 | {receipt} names {unit} and was answered by it
-- public: receipt, unit
SELECT c._key AS subject, c._row AS complaint_row, c.receipt, c.names_unit AS unit
FROM complaints c
WHERE c.names_unit IS NOT NULL AND replace(c.answered_by, ' ', '') = replace(c.names_unit, ' ', '');
