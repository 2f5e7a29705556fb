-- check: complaint-not-answered
-- title: 诉求逾期未答复 | A complaint not answered in time
-- level: orange
-- subject: register
-- key: subject
-- needs: complaints
-- opens: issue
-- ledger: voice
-- owner: 信访局
-- due: 60 days
-- basis: 《信访工作条例》第三十四条 | Regulations on petitions, article 34
-- message: {receipt} 于 {accepted} 受理,没有答复 | {receipt}, accepted on {accepted}, was not answered
-- public: receipt, accepted
SELECT c._key AS subject, c._row AS complaint_row, c.receipt, c.accepted
FROM complaints c
WHERE c.answered IS NULL AND CAST(:as_of AS DATE) - c.accepted > :answer_days;
