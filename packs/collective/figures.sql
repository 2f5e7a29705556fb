-- figure: coll.villages
-- title: 统计的村 | Villages counted
-- definition: 最近一年有收入统计的村 | villages with income of the newest year
-- value: count(*)
-- unit: 个
-- of: collective_income
SELECT c.village_name, c._row AS income_row
FROM collective_income c
WHERE c.year = (SELECT max(n.year) FROM collective_income n);

-- figure: coll.over_1
-- title: 达到 1 万元的村 | Villages over 10,000
-- definition: 最近一年经营、发包、投资收入达到 1 万元的村,不含补助 | villages that earned 10,000 yuan, without grants
-- value: count(*)
-- unit: 个
-- of: collective_income
SELECT c.village_name, c._row AS income_row
FROM collective_income c
WHERE c.year = (SELECT max(n.year) FROM collective_income n)
  AND c.business + coalesce(c.rents, 0) + coalesce(c.returns, 0) >= 10000;

-- figure: coll.over_5
-- title: 达到 5 万元的村 | Villages over 50,000
-- definition: 最近一年经营、发包、投资收入达到 5 万元的村,不含补助 | villages that earned 50,000 yuan, without grants
-- value: count(*)
-- unit: 个
-- of: collective_income
SELECT c.village_name, c._row AS income_row
FROM collective_income c
WHERE c.year = (SELECT max(n.year) FROM collective_income n)
  AND c.business + coalesce(c.rents, 0) + coalesce(c.returns, 0) >= 50000;

-- figure: coll.over_1_rate
-- title: 达到 1 万元的比例 | Share over 10,000
-- value: coll.over_1 / coll.villages
-- unit: %
-- round: 1

-- figure: coll.over_5_rate
-- title: 达到 5 万元的比例 | Share over 50,000
-- value: coll.over_5 / coll.villages
-- unit: %
-- round: 1

-- figure: coll.t1_rate
-- title: 2020 年底达到 1 万元的比例(目标) | Share over 10,000 by the end of 2020, the aim
-- value: target 100
-- unit: %
-- until: 2020-12-31
-- reached: coll.over_1_rate

-- figure: coll.t2_rate
-- title: 2020 年底达到 5 万元的比例(目标) | Share over 50,000 by the end of 2020, the aim
-- value: target 90
-- unit: %
-- until: 2020-12-31
-- reached: coll.over_5_rate

-- figure: coll.t1_amount
-- title: 集体收入底线目标 | The line aimed at
-- value: target 1
-- unit: 万元
-- until: 2020-12-31

-- figure: coll.t2_amount
-- title: 集体收入第二档目标 | The second line aimed at
-- value: target 5
-- unit: 万元
-- until: 2020-12-31

-- figure: coll.coops
-- title: 股份经济合作社 | Share co-operatives
-- definition: 名册中的股份经济合作社 | share co-operatives of the register
-- value: count(*)
-- unit: 个
-- of: share_coops
SELECT s.coop, s._row AS coop_row
FROM share_coops s;

-- figure: coop.national
-- title: 国家级示范社 | Model co-operatives, national
-- definition: 名录中国家级示范社 | model co-operatives of that rank
-- value: count(*)
-- unit: 个
-- of: model_coops
SELECT m.coop, m._row AS model_row
FROM model_coops m
WHERE m.rank = '国家';

-- figure: coop.prov
-- title: 省级示范社 | Model co-operatives, of the province
-- definition: 名录中省级示范社 | model co-operatives of that rank
-- value: count(*)
-- unit: 个
-- of: model_coops
SELECT m.coop, m._row AS model_row
FROM model_coops m
WHERE m.rank = '省';

-- figure: coop.city
-- title: 市级示范社 | Model co-operatives, of the city
-- definition: 名录中市级示范社 | model co-operatives of that rank
-- value: count(*)
-- unit: 个
-- of: model_coops
SELECT m.coop, m._row AS model_row
FROM model_coops m
WHERE m.rank = '市';

-- figure: coop.county
-- title: 县级示范社 | Model co-operatives, of the county
-- definition: 名录中县级示范社 | model co-operatives of that rank
-- value: count(*)
-- unit: 个
-- of: model_coops
SELECT m.coop, m._row AS model_row
FROM model_coops m
WHERE m.rank = '县';

-- figure: coop.empty_cleared
-- title: 空壳合作社全面清理 | Every empty co-operative is cleared
-- definition: 两年无年报且无资金往来、没有清理结果的合作社(没有例外,说法才成立) | co-operatives without report and movement for two years and not cleared; the claim holds where there is none
-- value: exceptions
-- unit: 社
-- of: farmer_coops
SELECT f.coop, f._row AS coop_row
FROM farmer_coops f
WHERE f.cleared IS NULL
  AND date_part('year', CAST(:as_of AS DATE)) - coalesce(f.last_report, 0) > :empty_years
  AND date_part('year', CAST(:as_of AS DATE)) - coalesce(f.last_movement, 0) > :empty_years;
