-- check: aid-after-death
-- title: 学生死亡后仍发放资助 | Aid paid after the pupil's death
-- level: orange
-- subject: person
-- key: subject, term
-- needs: student_aid, deaths
-- remedied_by: aid_refunds
-- opens: issue
-- ledger: student-aid
-- owner: 教育局
-- due: 30 days
-- basis: 《学生资助资金管理办法》(财科教〔2019〕19号):资助对象为在校学生;死亡次月起不再享受 | Measures for student aid funds (2019): aid is for pupils at school; none from the month after death
-- message: {name} 于 {death_date} 死亡({sources}),{term} 学期仍发放资助 {amount} 元 | {name} died on {death_date} ({sources}) and was paid {amount} yuan for {term}
-- public: term, amount, death_date, sources
SELECT a.person AS subject, a.term,
       list(DISTINCT a._row) AS aid_rows,
       d.death_rows,
       min(a.name) AS name,
       d.death_date, d.sources,
       sum(a.amount) AS amount,
       CASE WHEN d.source_count > 1 THEN 'red' ELSE 'orange' END AS level, -- red where two sources agree
       r.refund_rows AS remedy_rows,
       coalesce(r.paid_back, 0) >= sum(a.amount) AS remedied
FROM student_aid a
JOIN (SELECT person, max(death_date) AS death_date, list(_row) AS death_rows,
             count(DISTINCT source) AS source_count,
             string_agg(DISTINCT source, '、' ORDER BY source) AS sources
      FROM deaths WHERE person IS NOT NULL GROUP BY person) d ON d.person = a.person
LEFT JOIN (SELECT person, term, sum(amount) AS paid_back, list(_row) AS refund_rows
           FROM aid_refunds GROUP BY person, term) r ON r.person = a.person AND r.term = a.term
WHERE term_start(a.term) - d.death_date > 31
GROUP BY a.person, a.term, d.death_rows, d.death_date, d.sources, d.source_count, r.refund_rows, r.paid_back;
