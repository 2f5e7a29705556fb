-- check: fund-over-total
-- title: 基金支付超过总费用 | The fund paid more than the stay cost
-- level: red
-- subject: register
-- key: subject
-- needs: inpatient_claims
-- remedied_by: fund_recoveries
-- opens: issue
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 医保待遇政策:基金支付不超过合规医疗费用 | The fund pays no more than the cost
-- message: {institution} 结算单 {settle_no} 总费用 {cost} 元,基金支付 {fund} 元 | settlement {settle_no} of {institution}: cost {cost} yuan, paid by the fund {fund}
-- public: institution, settle_no, cost, fund
SELECT c._key AS subject, c._row AS claim_row, c.institution, c.settle_no, c.cost, c.fund,
       v.recovery_rows AS remedy_rows, coalesce(v.recovered, 0) >= c.fund - c.cost AS remedied
FROM inpatient_claims c
LEFT JOIN (SELECT settle_no, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM fund_recoveries WHERE settle_no IS NOT NULL GROUP BY settle_no) v ON v.settle_no = c.settle_no
WHERE c.fund > c.cost;
