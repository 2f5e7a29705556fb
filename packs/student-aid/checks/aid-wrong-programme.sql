-- check: aid-wrong-programme
-- title: 资助项目与学段不符 | The programme is none of the pupil's stage
-- level: orange
-- subject: person
-- key: subject, term, programme
-- needs: student_aid, aid_standards
-- opens: issue
-- ledger: student-aid
-- owner: 教育局
-- due: 30 days
-- basis: 《学生资助资金管理办法》(财科教〔2019〕19号):各项目的资助学段 | Measures for student aid funds (2019): the stages of each programme
-- message: {name} 在{stage}就读,{term} 学期却领取{programme} {amount} 元 | {name} is in {stage} and was paid {amount} yuan of {programme} in {term}
-- public: term, programme, stage, amount
SELECT a.person AS subject, a.term, a.programme,
       list(a._row) AS aid_rows,
       min(a.name) AS name, min(a.stage) AS stage, sum(a.amount) AS amount
FROM student_aid a
WHERE EXISTS (SELECT 1 FROM aid_standards g WHERE g.programme = a.programme)
  AND NOT EXISTS (SELECT 1 FROM aid_standards g WHERE g.programme = a.programme AND g.stage = a.stage)
GROUP BY a.person, a.term, a.programme;
