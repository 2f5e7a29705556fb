-- check: open-without-pupils
-- title: 在办学校没有学生或教师 | An open school without pupils or teachers
-- level: orange
-- subject: register
-- key: subject, term
-- needs: schools, school_terms
-- opens: worklist
-- ledger: schools
-- owner: 教育局
-- due: 60 days
-- basis: 《义务教育法》第二十二条、第二十七条及县学校布局规划 | Compulsory Education Law and the county's plan of schools
-- message: {school} 状态为在办,{term} 学生 {pupils} 人、教师 {teachers} 人 | {school} is open with {pupils} pupils and {teachers} teachers in {term}
-- public: school, term, pupils, teachers
SELECT s._key AS subject, t.term, s._row AS school_row, t._row AS term_row, s.school, t.pupils, t.teachers
FROM schools s
JOIN school_terms t ON t.school = s.school
WHERE s.status = '在办' AND (t.pupils = 0 OR t.teachers = 0)
  AND t.term = (SELECT max(n.term) FROM school_terms n);
