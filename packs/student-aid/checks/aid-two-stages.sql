-- check: aid-two-stages
-- title: 同一学期领取两个学段互斥的资助 | Two programmes of different stages in one term
-- level: orange
-- subject: person
-- key: subject, term
-- needs: student_aid
-- remedied_by: aid_refunds
-- opens: issue
-- ledger: student-aid
-- owner: 教育局
-- due: 30 days
-- basis: 学籍管理“籍随人走、人籍一致”,一名学生同一学期只有一个学段 | One pupil has one place on the school roll in a term
-- message: {name} 于 {term} 学期同时领取 {stages} 的资助({programmes}) | {name} was paid for {stages} in {term} ({programmes})
-- public: term, stages, programmes
SELECT a.person AS subject, a.term,
       list(a._row) AS aid_rows,
       min(a.name) AS name,
       string_agg(DISTINCT a.stage, '、' ORDER BY a.stage) AS stages,
       string_agg(DISTINCT a.programme, '、' ORDER BY a.programme) AS programmes,
       r.refund_rows AS remedy_rows,
       coalesce(r.paid_back, 0) >= min(a.amount) AS remedied
FROM student_aid a
LEFT JOIN (SELECT person, term, sum(amount) AS paid_back, list(_row) AS refund_rows
           FROM aid_refunds GROUP BY person, term) r ON r.person = a.person AND r.term = a.term
GROUP BY a.person, a.term, r.refund_rows, r.paid_back
HAVING count(DISTINCT a.stage) > 1 AND count(DISTINCT a.programme) > 1;
