-- figure: edu.groups
-- title: 教育集团 | School groups
-- definition: 学校名录中的教育集团,一个只计一次 | groups of the register of schools, each once
-- value: count(*)
-- unit: 个
-- of: schools
SELECT s.edu_group, list(s._row) AS school_rows
FROM schools s
WHERE s.edu_group IS NOT NULL
GROUP BY s.edu_group;

-- figure: edu.shell_schools
-- title: 空壳学校 | Empty schools
-- definition: 无学生无教师、已撤销或改建的学校 | schools without pupils and teachers that were abolished or converted
-- value: count(*)
-- unit: 所
-- of: schools
SELECT s.school, s._row AS school_row
FROM schools s
WHERE s.was_empty AND s.status IN ('撤销', '改建');

-- figure: edu.abolished
-- title: 撤销的空壳学校 | Empty schools abolished
-- definition: 空壳学校中已撤销的 | empty schools that were abolished
-- value: count(*)
-- unit: 所
-- of: schools
SELECT s.school, s._row AS school_row
FROM schools s
WHERE s.was_empty AND s.status = '撤销';

-- figure: edu.converted
-- title: 改建为幼儿园的空壳学校 | Empty schools converted
-- definition: 空壳学校中改扩建为幼儿园的 | empty schools that became kindergartens
-- value: count(*)
-- unit: 所
-- of: schools
SELECT s.school, s._row AS school_row
FROM schools s
WHERE s.was_empty AND s.status = '改建';

-- figure: edu.invest
-- title: 改善办学条件投资 | Spent on schools
-- definition: 办学条件项目合同金额之和 | sum of the contracts of school works
-- value: sum(contract)
-- unit: 万元
-- unit_power: 4
-- round: 0
-- of: school_works
SELECT w.contract, w._row AS works_row
FROM school_works w;
