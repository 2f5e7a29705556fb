-- check: aid-not-enrolled
-- title: 资助学期没有学籍 | Paid in a term without being on the roll
-- level: orange
-- subject: person
-- key: subject, term
-- needs: student_aid, pupils
-- remedied_by: aid_refunds
-- absent: pupils
-- opens: worklist
-- ledger: student-aid
-- owner: 教育局
-- due: 30 days
-- basis: 《学生资助资金管理办法》(财科教〔2019〕19号):学生转学、退学、毕业的,停止资助 | Measures for student aid funds (2019): aid ends when a pupil leaves
-- message: {name} 于 {term} 学期由{school}发放资助 {amount} 元,该学期本县学籍名册中没有其人 | {name} was paid {amount} yuan for {term} by {school} and was on no school roll of the county then
-- public: term, school, amount
SELECT a.person AS subject, a.term,
       list(DISTINCT a._row) AS aid_rows,
       min(a.name) AS name, min(a.school) AS school, sum(a.amount) AS amount,
       r.refund_rows AS remedy_rows,
       coalesce(r.paid_back, 0) >= sum(a.amount) AS remedied
FROM student_aid a
LEFT JOIN (SELECT person, term, sum(amount) AS paid_back, list(_row) AS refund_rows
           FROM aid_refunds GROUP BY person, term) r ON r.person = a.person AND r.term = a.term
WHERE NOT EXISTS (SELECT 1 FROM pupils u
                  WHERE u.person = a.person AND u.from_term <= a.term
                    AND (u.to_term IS NULL OR u.to_term >= a.term))
GROUP BY a.person, a.term, r.refund_rows, r.paid_back;
