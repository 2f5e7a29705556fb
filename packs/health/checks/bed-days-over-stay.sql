-- check: bed-days-over-stay
-- title: 床位费天数超过住院天数 | More bed days than the stay has
-- level: orange
-- subject: register
-- key: subject
-- needs: inpatient_claims, claim_items
-- remedied_by: fund_recoveries
-- opens: worklist
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 《医疗保障基金使用监督管理条例》第三十八条第(四)项:重复收费、超标准收费 | Regulations on the fund, article 38 (4): charged twice or too much
-- message: {institution} 结算单 {settle_no} 住院 {days} 天,床位费计 {bed_days} 天 | settlement {settle_no} of {institution}: {days} days in hospital, {bed_days} bed days charged
-- public: institution, settle_no, days, bed_days
SELECT c._key AS subject, c._row AS claim_row, i.item_rows, c.institution, c.settle_no,
       greatest(c.discharged - c.admitted, 1) AS days, CAST(i.bed_days AS DECIMAL(12,1)) AS bed_days,
       v.recovery_rows AS remedy_rows,
       coalesce(v.recovered, 0) >= i.paid * (i.bed_days - greatest(c.discharged - c.admitted, 1) - 1) / nullif(i.bed_days, 0) AS remedied
FROM inpatient_claims c
JOIN (SELECT settle_no, sum(quantity) AS bed_days, sum(amount) AS paid, list(_row) AS item_rows
      FROM claim_items WHERE item = '床位费' GROUP BY settle_no) i ON i.settle_no = c.settle_no
LEFT JOIN (SELECT settle_no, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM fund_recoveries WHERE settle_no IS NOT NULL GROUP BY settle_no) v ON v.settle_no = c.settle_no
WHERE i.bed_days > greatest(c.discharged - c.admitted, 1) + 1;
