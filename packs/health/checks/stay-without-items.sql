-- check: stay-without-items
-- title: 住院多日没有费用明细 | Days in hospital without any item
-- level: orange
-- subject: register
-- key: subject
-- needs: inpatient_claims, claim_items
-- absent: claim_items
-- opens: worklist
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 《医疗保障基金使用监督管理条例》第三十八条第(二)项:挂床住院 | Regulations on the fund, article 38 (2): empty beds
-- message: {institution} 结算单 {settle_no} 住院 {days} 天、费用 {cost} 元,没有一条费用明细 | settlement {settle_no} of {institution}: {days} days and {cost} yuan without a single item
-- public: institution, settle_no, days, cost
SELECT c._key AS subject, c._row AS claim_row, c.institution, c.settle_no, c.discharged - c.admitted AS days, c.cost
FROM inpatient_claims c
WHERE c.discharged - c.admitted >= :empty_days
  AND NOT EXISTS (SELECT 1 FROM claim_items i WHERE i.settle_no = c.settle_no)
  -- of a hospital and year whose items were delivered at all
  AND EXISTS (SELECT 1 FROM claim_items k JOIN inpatient_claims o ON o.settle_no = k.settle_no
              WHERE o.institution = c.institution
                AND date_part('year', o.admitted) = date_part('year', c.admitted));
