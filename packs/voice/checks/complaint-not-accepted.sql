-- check: complaint-not-accepted
-- title: 诉求逾期未受理 | A complaint not accepted in time
-- level: orange
-- subject: register
-- key: subject
-- needs: complaints
-- opens: worklist
-- ledger: voice
-- owner: 信访局
-- due: 60 days
-- basis: 《信访工作条例》第二十三条 | Regulations on petitions, article 23
-- message: {receipt} 于 {received} 收到,没有受理 | {receipt} came in on {received} and was not accepted
-- public: receipt, received
SELECT c._key AS subject, c._row AS complaint_row, c.receipt, c.received
FROM complaints c
WHERE c.accepted IS NULL AND CAST(:as_of AS DATE) - c.received > :accept_days;
