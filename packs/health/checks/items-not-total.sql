-- check: items-not-total
-- title: 费用明细与总费用不符 | The items don't add up to the cost
-- level: yellow
-- subject: register
-- key: subject
-- needs: inpatient_claims, claim_items
-- opens: worklist
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 医疗费用清单与结算应当一致 | the list of items agrees with the settlement
-- message: {institution} 结算单 {settle_no} 总费用 {cost} 元,明细合计 {listed} 元 | settlement {settle_no} of {institution}: cost {cost} yuan, items {listed}
-- public: institution, settle_no, cost, listed
SELECT c._key AS subject, min(c._row) AS claim_row, min(c.institution) AS institution, min(c.settle_no) AS settle_no,
       min(c.cost) AS cost, sum(i.amount) AS listed
FROM inpatient_claims c
JOIN claim_items i ON i.settle_no = c.settle_no
GROUP BY c._key
HAVING abs(sum(i.amount) - min(c.cost)) > 1;
