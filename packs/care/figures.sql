-- figure: care.fund
-- title: 日间照料专项资金 | Money for day-care centres
-- definition: 运营补助各月金额之和 | sum of the subsidies over all months
-- value: sum(amount)
-- unit: 万元
-- unit_power: 4
-- round: 0
-- of: care_money
SELECT p.amount, p._row AS money_row
FROM care_money p;

-- figure: care.centers
-- title: 结对帮扶的日间照料中心 | Centres with a partner
-- definition: 有结对社会组织的照料中心 | centres that are paired
-- value: count(*)
-- unit: 个
-- of: care_centres
SELECT c.centre, c._row AS centre_row
FROM care_centres c
WHERE c.pair IS NOT NULL;
