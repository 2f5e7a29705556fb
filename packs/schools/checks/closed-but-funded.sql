-- check: closed-but-funded
-- title: 已撤销学校仍有经费或教师 | An abolished school with money or teachers
-- level: orange
-- subject: register
-- key: subject, term
-- needs: schools, school_terms
-- opens: worklist
-- ledger: schools
-- owner: 教育局
-- due: 60 days
-- basis: 财政资金管理:撤销单位不再安排公用经费 | no budget for what is closed
-- message: {school} 于 {since} 撤销,{term} 仍有教师 {teachers} 人、公用经费 {budget} 元 | {school}, abolished on {since}, has {teachers} teachers and {budget} yuan in {term}
-- public: school, since, term, teachers, budget
SELECT s._key AS subject, t.term, s._row AS school_row, t._row AS term_row, s.school, s.status_date AS since, t.teachers,
       coalesce(t.budget, 0) AS budget
FROM schools s
JOIN school_terms t ON t.school = s.school AND term_start(t.term) > s.status_date
WHERE s.status = '撤销' AND (t.teachers > 0 OR coalesce(t.budget, 0) > 0);
