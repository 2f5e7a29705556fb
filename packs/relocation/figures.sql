-- figure: reloc.towns
-- title: 有问题项目的乡镇 | Townships with faulty projects
-- definition: 对项目单位有行政处罚的乡镇,一个只计一次 | townships whose projects were fined, each once
-- value: count(*)
-- unit: 个
-- of: reloc_penalties
SELECT x.township, list(x._row) AS penalty_rows
FROM reloc_penalties x
WHERE x.target = '项目'
GROUP BY x.township;

-- figure: reloc.projects_problem
-- title: 受处罚的项目 | Projects fined
-- definition: 对项目单位有行政处罚的项目,一个只计一次 | projects fined, each once
-- value: count(*)
-- unit: 个
-- of: reloc_penalties
SELECT x.project_no, list(x._row) AS penalty_rows
FROM reloc_penalties x
WHERE x.target = '项目'
GROUP BY x.project_no;

-- figure: reloc.fine
-- title: 项目行政处罚金额 | Fines on projects
-- definition: 对项目单位罚款之和,不含对建设施工单位的罚款 | sum of the fines on projects, without that on the builder
-- value: sum(amount)
-- unit: 万元
-- unit_power: 4
-- round: 1
-- of: reloc_penalties
SELECT x.amount, x._row AS penalty_row
FROM reloc_penalties x
WHERE x.target = '项目';

-- figure: reloc.secretaries
-- title: 约谈乡镇党委书记 | Secretaries called in
-- definition: 约谈记录中职务为乡镇党委书记的乡镇,一个只计一次 | townships whose party secretary was called in, each once
-- value: count(*)
-- unit: 名
-- of: reloc_talks
SELECT t.township, list(t._row) AS talk_rows
FROM reloc_talks t
WHERE t.post LIKE '%党委书记%'
GROUP BY t.township;

-- figure: reloc.suspend_months
-- title: 停业整顿月数 | Months of suspension
-- definition: 对建设施工单位停业整顿的月数之和 | months for which builders were suspended
-- value: sum(months)
-- unit: 个月
-- round: 0
-- of: reloc_penalties
SELECT x.months, x._row AS penalty_row
FROM reloc_penalties x
WHERE x.target = '施工' AND x.months IS NOT NULL;

-- figure: reloc.fine_builder
-- title: 建设施工单位罚款 | Fines on builders
-- definition: 对建设施工单位罚款之和 | sum of the fines on builders
-- value: sum(amount)
-- unit: 万元
-- unit_power: 4
-- round: 0
-- of: reloc_penalties
SELECT x.amount, x._row AS penalty_row
FROM reloc_penalties x
WHERE x.target = '施工';

-- figure: reloc.quality_units
-- title: 已做质量鉴定的单位工程 | Buildings appraised
-- definition: 2016 年以来开工且有质量鉴定日期的单位工程 | buildings begun since 2016 that were appraised
-- value: count(*)
-- unit: 个
-- of: reloc_units
SELECT u.unit_no, u._row AS unit_row
FROM reloc_units u
WHERE u.started >= CAST('2016-01-01' AS DATE) AND u.appraised IS NOT NULL;

-- figure: house.all_projects_inspected
-- title: 搬迁和改造工程全部排查鉴定 | Every relocation and rebuilding work was inspected
-- definition: 没有质量鉴定的搬迁单位工程和竣工后没有验收的改造户(没有例外,说法才成立) | buildings without an appraisal and rebuilt houses without acceptance; the claim holds where there is none
-- value: exceptions
-- unit: 处
-- of: reloc_units, housing_rebuilds
SELECT u.unit_no AS work, u._row AS work_row
FROM reloc_units u
WHERE u.appraised IS NULL AND u.started >= CAST('2016-01-01' AS DATE)
UNION ALL
SELECT b.name, b._row
FROM housing_rebuilds b
WHERE b.finished IS NOT NULL AND b.accepted IS NULL;

-- figure: reloc.reclaimed_all
-- title: 拆除复垦全面完成 | All demolished and reclaimed
-- definition: 应拆除复垦而没有复垦验收日期的户(没有例外,说法才成立) | old houses without acceptance of the reclaimed land; the claim holds where there is none
-- value: exceptions
-- unit: 户
-- of: old_houses
SELECT h.name, h._row AS house_row
FROM old_houses h
WHERE h.accepted IS NULL;
