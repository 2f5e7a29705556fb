-- check: aid-age-out-of-stage
-- title: 受助学生年龄与学段不符 | Age does not fit the stage
-- level: yellow
-- subject: person
-- key: subject, term
-- needs: student_aid
-- opens: worklist
-- ledger: student-aid
-- owner: 教育局
-- due: 30 days
-- basis: 全国防返贫监测系统数据质量规则:小学 6 至 14 岁,高中、中职 15 至 20 岁(参数已放宽) | National data quality rules: primary 6 to 14, senior 15 to 20 (parameters are wider)
-- message: {name} 于 {term} 学期初 {age} 岁,登记为{stage} | {name} was {age} at the start of {term} and is entered as {stage}
-- public: term, age, stage
SELECT a.person AS subject, a.term,
       list(a._row) AS aid_rows,
       min(a.name) AS name, min(a.stage) AS stage,
       min(age_at(id_birth(a.id), term_start(a.term))) AS age
FROM student_aid a
WHERE a.id IS NOT NULL
  AND ((a.stage = '学前' AND age_at(id_birth(a.id), term_start(a.term)) > :preschool_age_to)
    OR (a.stage = '小学' AND age_at(id_birth(a.id), term_start(a.term)) NOT BETWEEN :primary_age_from AND :primary_age_to)
    OR (a.stage = '初中' AND age_at(id_birth(a.id), term_start(a.term)) NOT BETWEEN :junior_age_from AND :junior_age_to)
    OR (a.stage IN ('普高', '中职') AND age_at(id_birth(a.id), term_start(a.term)) NOT BETWEEN :senior_age_from AND :senior_age_to))
GROUP BY a.person, a.term;
