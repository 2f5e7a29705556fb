-- figure: med.recruits
-- title: 乡镇卫生院招聘医护人员 | Medical staff hired
-- definition: 招聘名册中的人,一人只计一次 | persons of the register of hiring, each once
-- value: count(*)
-- unit: 名
-- of: medical_staff
SELECT s.person, min(s._row) AS staff_row
FROM medical_staff s
GROUP BY s.person;

-- figure: med.inpatients
-- title: 2019 年乡镇卫生院住院人数 | In-patients of township hospitals in 2019
-- definition: 2019 年入院、在乡镇卫生院结算的人,一人只计一次 | persons admitted in 2019 to township hospitals, each once
-- value: count(*)
-- unit: 人
-- of: inpatient_claims
SELECT c.person, list(c._row) AS claim_rows
FROM inpatient_claims c JOIN institutions h ON h.institution = c.institution
WHERE h.kind = '卫生院' AND date_part('year', c.admitted) = 2019
GROUP BY c.person;

-- figure: med.inpatients_2018
-- title: 2018 年乡镇卫生院住院人数 | In-patients of township hospitals in 2018
-- definition: 2018 年入院、在乡镇卫生院结算的人,一人只计一次 | persons admitted in 2018 to township hospitals, each once
-- value: count(*)
-- unit: 人
-- of: inpatient_claims
SELECT c.person, list(c._row) AS claim_rows
FROM inpatient_claims c JOIN institutions h ON h.institution = c.institution
WHERE h.kind = '卫生院' AND date_part('year', c.admitted) = 2018
GROUP BY c.person;

-- figure: med.inpatients_drop
-- title: 住院人数比 2018 年下降 | Fewer in-patients than in 2018
-- value: fall med.inpatients / med.inpatients_2018
-- unit: %

-- figure: med.total_cost
-- title: 2019 年乡镇卫生院住院总费用 | Cost of stays in 2019
-- definition: 2019 年入院、在乡镇卫生院结算的总费用之和 | sum of the cost of stays in township hospitals from 2019 on to its end
-- value: sum(cost)
-- unit: 万元
-- unit_power: 4
-- round: 2
-- of: inpatient_claims
SELECT c.cost, c._row AS claim_row
FROM inpatient_claims c JOIN institutions h ON h.institution = c.institution
WHERE h.kind = '卫生院' AND date_part('year', c.admitted) = 2019;

-- figure: med.total_cost_2018
-- title: 2018 年乡镇卫生院住院总费用 | Cost of stays in 2018
-- definition: 2018 年入院、在乡镇卫生院结算的总费用之和 | sum of the cost of stays in township hospitals in 2018
-- value: sum(cost)
-- unit: 万元
-- unit_power: 4
-- round: 2
-- of: inpatient_claims
SELECT c.cost, c._row AS claim_row
FROM inpatient_claims c JOIN institutions h ON h.institution = c.institution
WHERE h.kind = '卫生院' AND date_part('year', c.admitted) = 2018;

-- figure: med.total_cost_drop
-- title: 住院总费用比 2018 年下降 | Cost lower than in 2018
-- value: fall med.total_cost / med.total_cost_2018
-- unit: %

-- figure: med.fund
-- title: 2019 年基金补偿费用 | Paid by the fund in 2019
-- definition: 2019 年入院、在乡镇卫生院结算的基金支付之和 | sum of what the fund paid for stays in township hospitals in 2019
-- value: sum(fund)
-- unit: 万元
-- unit_power: 4
-- round: 2
-- of: inpatient_claims
SELECT c.fund, c._row AS claim_row
FROM inpatient_claims c JOIN institutions h ON h.institution = c.institution
WHERE h.kind = '卫生院' AND date_part('year', c.admitted) = 2019;

-- figure: med.fund_2018
-- title: 2018 年基金补偿费用 | Paid by the fund in 2018
-- definition: 2018 年入院、在乡镇卫生院结算的基金支付之和 | sum of what the fund paid for stays in township hospitals in 2018
-- value: sum(fund)
-- unit: 万元
-- unit_power: 4
-- round: 2
-- of: inpatient_claims
SELECT c.fund, c._row AS claim_row
FROM inpatient_claims c JOIN institutions h ON h.institution = c.institution
WHERE h.kind = '卫生院' AND date_part('year', c.admitted) = 2018;

-- figure: med.fund_drop
-- title: 基金补偿比 2018 年下降 | Fund paid less than in 2018
-- value: fall med.fund / med.fund_2018
-- unit: %

-- figure: med.drug_markup
-- title: 所有药品零差价销售 | Every drug is sold at its purchase price
-- definition: 卫生院、医院西药和中成药售价高于进价的批次(没有例外,说法才成立) | batches of western and patent medicine sold above their price; the claim holds where there is none
-- value: exceptions
-- unit: 批
-- of: drug_sales
SELECT s.institution, s.drug, s.batch, min(s._row) AS sale_row, list(b._row) AS purchase_rows
FROM drug_sales s
JOIN drug_purchases b ON b.institution = s.institution AND b.drug = s.drug AND b.batch = s.batch
JOIN institutions h ON h.institution = s.institution
WHERE b.kind IN ('西药', '中成药') AND h.kind IN ('卫生院', '医院') AND s.price > b.price
GROUP BY s.institution, s.drug, s.batch;

-- figure: med.handled
-- title: 2019 年以来处理两定机构 | Institutions dealt with since 2019
-- definition: 2019 年 1 月 1 日以来有处理决定的机构,一家只计一次 | institutions with a decision since 2019, each once
-- value: count(*)
-- unit: 家
-- of: fund_penalties
SELECT p.institution, list(p._row) AS penalty_rows
FROM fund_penalties p
WHERE p.decided >= CAST('2019-01-01' AS DATE)
GROUP BY p.institution;

-- figure: med.recovered
-- title: 追回基金和违约金 | Recovered
-- definition: 2019 年 1 月 1 日以来到账登记金额之和 | sum of what came in since 2019
-- value: sum(amount)
-- unit: 万元
-- unit_power: 4
-- round: 1
-- of: fund_recoveries
SELECT r.amount, r._row AS recovery_row
FROM fund_recoveries r
WHERE r.received >= CAST('2019-01-01' AS DATE);
