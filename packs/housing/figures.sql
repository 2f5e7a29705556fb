-- figure: house.suspected
-- title: 疑似危房鉴定户数 | Suspected houses appraised
-- definition: 房屋安全鉴定名册中是否疑似危房为“是”的户,一户只计一次 | households with a suspected house in the register of appraisals, each once
-- value: count(*)
-- unit: 户
-- of: housing_appraisals
SELECT a.person, min(a._row) AS appraisal_row
FROM housing_appraisals a
WHERE a.suspected
GROUP BY a.person;

-- figure: house.cd
-- title: 鉴定为 C、D 级危房户数 | Houses of grade C or D
-- definition: 疑似危房中鉴定等级为 C 或 D 的户,一户只计一次 | suspected houses graded C or D, each household once
-- value: count(*)
-- unit: 户
-- of: housing_appraisals
SELECT a.person, min(a._row) AS appraisal_row
FROM housing_appraisals a
WHERE a.suspected AND a.grade IN ('C', 'D')
GROUP BY a.person;

-- figure: house.lookback
-- title: 改造户回头看户数 | Rebuilt households looked back at
-- definition: 2019 年以前改造、有回头看记录的户,一户只计一次 | households rebuilt before 2019 with a look-back visit, each once
-- value: count(*)
-- unit: 户
-- of: housing_lookbacks
SELECT l.person, min(l._row) AS lookback_row
FROM housing_lookbacks l
WHERE l.plan_year < 2019
GROUP BY l.person;

-- figure: house.certified_all
-- title: 所有贫困户都有住房安全认定 | Every poor household is certified
-- definition: 最近一年建档立卡名册中没有认定的户(没有例外,说法才成立) | households of the newest poverty list without a certificate; the claim holds where there is none
-- value: exceptions
-- unit: 户
-- of: poverty_list
SELECT p.household_no, min(p._row) AS poverty_row
FROM poverty_list p
LEFT JOIN (SELECT DISTINCT person FROM housing_certificates) c ON c.person = p.person
WHERE p._period = (SELECT max(l._period) FROM poverty_list l)
GROUP BY p.household_no
HAVING count(c.person) = 0;

-- figure: house.lookback_all_safe
-- title: 回头看全部达到安全标准 | Every house looked back at is safe
-- definition: 最近一次回头看结果为不安全的户(没有例外,说法才成立) | households whose newest visit found the house unsafe; the claim holds where there is none
-- value: exceptions
-- unit: 户
-- of: housing_lookbacks
SELECT l.person, min(l._row) AS lookback_row
FROM housing_lookbacks l
WHERE l.result = '不安全'
  AND NOT EXISTS (SELECT 1 FROM housing_lookbacks s WHERE s.person = l.person AND s.visited > l.visited)
GROUP BY l.person;

-- figure: house.four_groups_zero
-- title: 危房静态清零 | No dangerous house is left
-- definition: 鉴定为 C、D 级而没有竣工改造记录、也没有搬迁的户(没有例外,说法才成立) | houses of grade C or D neither rebuilt nor left; the claim holds where there is none
-- value: exceptions
-- unit: 户
-- of: housing_appraisals
SELECT a.person, min(a._row) AS appraisal_row
FROM housing_appraisals a
WHERE a.grade IN ('C', 'D')
  AND NOT EXISTS (SELECT 1 FROM housing_rebuilds b WHERE b.person = a.person AND b.finished >= a.appraised)
  AND NOT EXISTS (SELECT 1 FROM relocated m WHERE m.person = a.person)
GROUP BY a.person;
