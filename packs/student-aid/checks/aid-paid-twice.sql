-- check: aid-paid-twice
-- title: 同一学期同一项目重复领取资助 | One programme paid twice in one term
-- level: orange
-- subject: person
-- key: subject, term, programme
-- needs: student_aid
-- remedied_by: aid_refunds
-- opens: issue
-- ledger: student-aid
-- owner: 教育局
-- due: 30 days
-- basis: 《学生资助资金管理办法》(财科教〔2019〕19号)及各项目实施细则:同一学期同一项目按一份标准发放 | Measures for student aid funds (2019): one standard for a programme and term
-- message: {name} 于 {term} 学期在{schools}重复领取{programme} {times} 次,多领 {excess} 元 | {name} was paid {programme} {times} times in {term} ({schools}), {excess} yuan too much
-- public: term, programme, schools, times, excess
SELECT a.person AS subject, a.term, a.programme,
       list(a._row) AS aid_rows, min(a.name) AS name,
       string_agg(DISTINCT a.school, '、' ORDER BY a.school) AS schools,
       count(*) AS times,
       sum(a.amount) - max(a.amount) AS excess,
       r.refund_rows AS remedy_rows,
       coalesce(r.paid_back, 0) >= sum(a.amount) - max(a.amount) AS remedied
FROM student_aid a
LEFT JOIN (SELECT person, term, programme, sum(amount) AS paid_back, list(_row) AS refund_rows
           FROM aid_refunds GROUP BY person, term, programme) r
       ON r.person = a.person AND r.term = a.term AND r.programme = a.programme
GROUP BY a.person, a.term, a.programme, r.refund_rows, r.paid_back
HAVING count(*) > 1;
