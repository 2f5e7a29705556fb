-- check: on-list-not-paid
-- title: 建档立卡在校生应助未助 | On the poverty list and at school, not aided
-- level: yellow
-- subject: person
-- key: subject, term
-- needs: pupils, poverty_list, student_aid
-- absent: student_aid
-- opens: worklist
-- ledger: student-aid
-- owner: 教育局
-- due: 30 days
-- basis: 教财〔2018〕16号:建档立卡家庭学生应助尽助;义务教育非寄宿生自 2019 年秋季学期起补助 | Guidance of 2018: every pupil on the poverty list is aided; non-boarders in compulsory education from autumn 2019
-- message: {name} 在{school}({stage})就读并在 {year} 年建档立卡名册,{term} 学期没有资助记录 | {name} is at {school} ({stage}), on the poverty list of {year}, and was not aided in {term}
-- public: term, school, stage, year
SELECT u.person AS subject, t.term,
       list(DISTINCT u._row) AS pupil_rows,
       list(DISTINCT p._row) AS poverty_rows,
       min(u.name) AS name, min(u.school) AS school, min(u.stage) AS stage, min(p._period) AS year
-- Only pupils of the county's own schools: those who study elsewhere go into a letter of enquiry.
FROM (SELECT DISTINCT term FROM student_aid) t
JOIN pupils u ON u.from_term <= t.term AND (u.to_term IS NULL OR u.to_term >= t.term)
JOIN poverty_list p ON p.person = u.person AND p._period = substr(t.term, 1, 4)
LEFT JOIN student_aid a ON a.person = u.person AND a.term = t.term
WHERE a._row IS NULL
  AND (u.stage IN ('学前', '普高', '中职') OR u.boards OR t.term >= '2019-2')
GROUP BY u.person, t.term;
