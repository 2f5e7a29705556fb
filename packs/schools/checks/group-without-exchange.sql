-- check: group-without-exchange
-- title: 教育集团没有教师交流 | A group that shares no teacher
-- level: yellow
-- subject: register
-- key: subject
-- needs: schools, teacher_exchanges
-- absent: teacher_exchanges
-- opens: worklist
-- ledger: schools
-- owner: 教育局
-- due: 60 days
-- basis: 县教育集团办学方案 | the county's scheme of school groups
-- message: {edu_group}({members} 所学校){term} 没有教师交流记录 | {edu_group}, of {members} schools, shared no teacher in {term}
-- public: edu_group, members, term
SELECT min(s._key) AS subject, list(s._row) AS school_rows, s.edu_group, count(*) AS members, min(n.term) AS term
FROM schools s
JOIN (SELECT max(term) AS term FROM teacher_exchanges) n ON n.term IS NOT NULL
WHERE s.edu_group IS NOT NULL AND s.status = '在办'
  AND NOT EXISTS (SELECT 1 FROM teacher_exchanges e WHERE e.edu_group = s.edu_group AND e.term = n.term)
GROUP BY s.edu_group;
