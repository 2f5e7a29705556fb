-- figure: buy.count
-- title: 政府采购项目 | Procurements
-- definition: 台账中的项目 | procurements of the register
-- value: count(*)
-- unit: 个
-- of: procurements
SELECT p.title, p._row AS procurement_row
FROM procurements p;

-- figure: buy.amount
-- title: 政府采购金额 | Value of procurements
-- definition: 合同金额之和 | sum of the contracts
-- value: sum(amount)
-- unit: 万元
-- unit_power: 4
-- round: 2
-- of: procurements
SELECT p.amount, p._row AS procurement_row
FROM procurements p;
