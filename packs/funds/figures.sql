-- figure: funds.allocated
-- title: 下达资金 | Allocated
-- definition: 下达文件金额之和 | sum of the allocations
-- value: sum(amount)
-- unit: 万元
-- unit_power: 4
-- round: 2
-- of: fund_allocations
SELECT a.amount, a._row AS allocation_row
FROM fund_allocations a;

-- figure: funds.spent
-- title: 已支出资金 | Spent
-- definition: 下达文件已支出金额之和 | sum of what was spent
-- value: sum(spent)
-- unit: 万元
-- unit_power: 4
-- round: 2
-- of: fund_allocations
SELECT a.spent, a._row AS allocation_row
FROM fund_allocations a;

-- figure: funds.spent_share
-- title: 支出率 | Share spent
-- value: funds.spent / funds.allocated
-- unit: %
-- round: 1

-- figure: funds.credited
-- title: 到账资金 | Credited
-- definition: 银行到账金额之和 | sum of what the bank credited
-- value: sum(amount)
-- unit: 元
-- round: 2
-- of: bank_credits
SELECT c.amount, c._row AS credit_row
FROM bank_credits c;

-- figure: funds.paid
-- title: 对应月份发放资金 | Paid for those months
-- definition: 有银行明细的月份成功发放之和 | sum of what was paid for the months of the bank's list
-- value: sum(amount)
-- unit: 元
-- round: 2
-- of: subsidies, bank_credits
SELECT p.amount, p._row AS subsidy_row
FROM subsidies p
WHERE p.result = '成功' AND p.month IN (SELECT DISTINCT month FROM bank_credits);

-- figure: funds.none_lost
-- title: 发放到账分文不差 | Nothing lost on the way
-- definition: 发放与到账不符的人、项目、月份(没有例外,说法才成立) | persons, programmes and months where paid and credited differ; the claim holds where there is none
-- value: exceptions
-- unit: 笔
-- of: subsidies, bank_credits
SELECT p.person, p.programme, p.month, p.subsidy_rows
FROM (SELECT person, programme, month, list(_row) AS subsidy_rows, sum(amount) AS paid
      FROM subsidies WHERE result = '成功' GROUP BY person, programme, month) p
LEFT JOIN (SELECT person, programme, month, sum(amount) AS credited FROM bank_credits GROUP BY person, programme, month) c
       ON c.person = p.person AND c.programme = p.programme AND c.month = p.month
WHERE p.month IN (SELECT DISTINCT month FROM bank_credits) AND coalesce(c.credited, 0) <> p.paid;
