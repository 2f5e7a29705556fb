-- figure: assistance.persons
-- title: 低保特困在领人数 | Persons on social assistance
-- definition: 最近一个月成功领取农村低保、城市低保或特困供养金的人,一人只计一次 | persons paid the rural or urban allowance or destitute support in the newest month, each once
-- value: count(*)
-- unit: 人
-- of: subsidies
SELECT p.person, min(p._row) AS subsidy_row
FROM subsidies p
WHERE p.result = '成功' AND p.programme IN ('农村低保', '城市低保', '特困供养')
  AND p.month = (SELECT max(m.month) FROM subsidies m)
GROUP BY p.person;

-- figure: assistance.amount
-- title: 惠民补贴发放金额 | Subsidies paid
-- definition: 发放明细中各项目各月成功发放金额之和 | sum of what was paid over all programmes and months
-- value: sum(amount)
-- unit: 万元
-- round: 2
-- unit_power: 4
-- of: subsidies
SELECT p.amount, p._row AS subsidy_row
FROM subsidies p
WHERE p.result = '成功';

-- figure: assistance.posts
-- title: 在岗公益岗位人数 | Persons in public-welfare posts
-- definition: 公益岗位人员名册中没有离岗年月的人,一人只计一次 | persons in the register of posts who have not left, each once
-- value: count(*)
-- unit: 人
-- of: public_posts
SELECT o.person, min(o._row) AS post_row
FROM public_posts o
WHERE o.to_month IS NULL
GROUP BY o.person;

-- figure: assistance.recovered
-- title: 已追缴金额 | Recovered
-- definition: 追缴登记金额之和 | sum of the register of recoveries
-- value: sum(amount)
-- unit: 元
-- round: 2
-- of: subsidy_recoveries
SELECT r.amount, r._row AS recovery_row
FROM subsidy_recoveries r;

-- figure: assistance.returned_all_paid
-- title: 退票全部重新发放 | Every returned payment was paid again
-- definition: 退票后同人同项目同月没有成功发放的(没有例外,说法才成立) | returned payments with no later one for the person, programme and month; the claim holds where there is none
-- value: exceptions
-- unit: 笔
-- of: subsidies
SELECT p.name, p.amount, p._row AS subsidy_row
FROM subsidies p
WHERE p.result = '退票'
  AND NOT EXISTS (SELECT 1 FROM subsidies s
                  WHERE s.person = p.person AND s.programme = p.programme AND s.month = p.month AND s.result = '成功');
