-- check: conversion-not-at-work
-- title: 改建幼儿园没有运行 | A conversion that is not at work
-- level: yellow
-- subject: register
-- key: subject
-- needs: schools, school_terms
-- absent: school_terms
-- opens: worklist
-- ledger: schools
-- owner: 教育局
-- due: 60 days
-- basis: 《义务教育法》第二十二条、第二十七条及县学校布局规划 | Compulsory Education Law and the county's plan of schools
-- message: {school} 于 {since} 改建为 {kindergarten},至今没有在园儿童 | {school}, converted to {kindergarten} on {since}, has no children yet
-- public: school, since, kindergarten
SELECT s._key AS subject, s._row AS school_row, s.school, s.status_date AS since, coalesce(s.new_name, '幼儿园') AS kindergarten
FROM schools s
WHERE s.status = '改建' AND CAST(:as_of AS DATE) - s.status_date > :convert_days
  AND NOT EXISTS (SELECT 1 FROM school_terms t WHERE t.school = s.new_name AND t.pupils > 0);
