-- figure: population.residents
-- title: 户籍在册人口 | Registered residents
-- definition: 人口底册中状态为“正常”的人,一人只计一次 | persons present in the residents' register, each counted once
-- value: count(*)
-- unit: 人
-- of: residents
SELECT r.person, min(r._row) AS resident_row
FROM residents r
WHERE r.status = '正常'
GROUP BY r.person;

-- figure: population.households
-- title: 户籍在册户数 | Registered households
-- definition: 人口底册中至少有一名“正常”人员的户 | households with at least one person present
-- value: count(*)
-- unit: 户
-- of: residents
SELECT r.household_no, min(r._row) AS resident_row
FROM residents r
WHERE r.status = '正常'
GROUP BY r.household_no;

-- figure: population.deaths
-- title: 登记死亡人数 | Registered deaths
-- definition: 死亡人员名单中的人,几个来源都报的只计一次 | persons on the lists of deaths, each counted once over all sources
-- value: count(*)
-- unit: 人
-- of: deaths
SELECT d.person, min(d._row) AS death_row
FROM deaths d
GROUP BY d.person;

-- figure: poverty.persons
-- title: 建档立卡人口 | Persons on the poverty list
-- definition: 最近一年建档立卡名册中的人 | persons on the newest yearly poverty list
-- value: count(*)
-- unit: 人
-- of: poverty_list
SELECT p.person, min(p._row) AS poverty_row
FROM poverty_list p
WHERE p._period = (SELECT max(l._period) FROM poverty_list l)
GROUP BY p.person;

-- figure: poverty.households
-- title: 建档立卡户 | Households on the poverty list
-- definition: 最近一年建档立卡名册中的户 | households on the newest yearly poverty list
-- value: count(*)
-- unit: 户
-- of: poverty_list
SELECT p.household_no, min(p._row) AS poverty_row
FROM poverty_list p
WHERE p._period = (SELECT max(l._period) FROM poverty_list l)
GROUP BY p.household_no;

-- figure: poverty.share
-- title: 建档立卡人口占户籍人口 | Share of residents on the poverty list
-- definition: 建档立卡人口除以户籍在册人口 | persons on the poverty list over registered residents
-- value: poverty.persons / population.residents
-- unit: %
-- round: 1

-- figure: poverty.valid_numbers
-- title: 建档立卡人口证件号码全部有效 | Every number on the poverty list is valid
-- definition: 最近一年建档立卡名册中证件号码无效的人(没有例外,说法才成立) | persons on the newest poverty list whose number is not valid; the claim holds where there is none
-- value: exceptions
-- unit: 人
-- of: poverty_list
SELECT p.name, p._row AS poverty_row
FROM poverty_list p
WHERE p._period = (SELECT max(l._period) FROM poverty_list l) AND p.id IS NULL
  AND NOT (length(coalesce(p.id_raw, '')) IN (20, 22) AND id_is_valid(substr(p.id_raw, 1, 18)));
