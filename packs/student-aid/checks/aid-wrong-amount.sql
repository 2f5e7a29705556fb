-- check: aid-wrong-amount
-- title: 资助金额与当期标准不符 | Amount is none of the term's standards
-- level: orange
-- subject: person
-- key: subject, term, programme
-- needs: student_aid, aid_standards
-- remedied_by: aid_refunds
-- opens: issue
-- ledger: student-aid
-- owner: 教育局
-- due: 30 days
-- basis: 《学生资助标准》登记表所列文件;义教寄宿生小学每生每年 1000 元、初中 1250 元,普高、中职年均 2000 元 | the documents in the register of standards; boarders 1000 (primary) and 1250 (junior) yuan a year, senior 2000 on average
-- message: {name}({stage})于 {term} 学期领取{programme} {amount} 元,当期标准为 {standards} 元 | {name} ({stage}) was paid {amount} yuan of {programme} in {term}; the standard is {standards}
-- public: term, programme, stage, amount, standards
SELECT a.person AS subject, a.term, a.programme,
       list(DISTINCT a._row) AS aid_rows,
       min(a.name) AS name, min(a.stage) AS stage,
       sum(a.amount) AS amount,
       s.standards,
       r.refund_rows AS remedy_rows,
       min(a.amount) > s.highest AND coalesce(r.paid_back, 0) >= sum(a.amount) - count(*) * s.highest AS remedied
FROM student_aid a
JOIN (SELECT t.term, g.programme, g.stage,
             string_agg(CAST(g.amount AS varchar), '、' ORDER BY g.amount) AS standards,
             max(g.amount) AS highest
      FROM aid_standards g
      JOIN (SELECT DISTINCT term FROM student_aid) t
        ON g.from_term <= t.term AND (g.to_term IS NULL OR g.to_term >= t.term)
      GROUP BY t.term, g.programme, g.stage) s
  ON s.term = a.term AND s.programme = a.programme AND s.stage = a.stage
LEFT JOIN (SELECT person, term, programme, sum(amount) AS paid_back, list(_row) AS refund_rows
           FROM aid_refunds GROUP BY person, term, programme) r
       ON r.person = a.person AND r.term = a.term AND r.programme = a.programme
WHERE NOT EXISTS (SELECT 1 FROM aid_standards g
                  WHERE g.programme = a.programme AND g.stage = a.stage AND g.amount = a.amount
                    AND g.from_term <= a.term AND (g.to_term IS NULL OR g.to_term >= a.term))
GROUP BY a.person, a.term, a.programme, s.standards, s.highest, r.refund_rows, r.paid_back;
