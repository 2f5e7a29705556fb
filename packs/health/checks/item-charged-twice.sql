-- check: item-charged-twice
-- title: 同一结算单同日同项目重复收费 | One item charged twice on a day
-- level: orange
-- subject: register
-- key: subject, item, used
-- needs: inpatient_claims, claim_items
-- opens: worklist
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 《医疗保障基金使用监督管理条例》第三十八条第(四)项:重复收费 | Regulations on the fund, article 38 (4): charged twice
-- message: {institution} 结算单 {settle_no} 于 {used} 收取“{item}” {times} 次 | settlement {settle_no} of {institution} charges "{item}" {times} times on {used}
-- public: institution, settle_no, item, used, times
SELECT c._key AS subject, i.item, i.used, min(c._row) AS claim_row, list(i._row) AS item_rows,
       min(c.institution) AS institution, min(c.settle_no) AS settle_no, count(*) AS times
FROM inpatient_claims c
JOIN claim_items i ON i.settle_no = c.settle_no
WHERE i.used IS NOT NULL AND i.item NOT LIKE '%药%'
GROUP BY c._key, i.item, i.used
HAVING count(*) > 1;
