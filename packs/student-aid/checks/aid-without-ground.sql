-- check: aid-without-ground
-- title: 受助学生不在任何合法资助对象范围 | Aided without any lawful ground
-- level: yellow
-- subject: person
-- key: subject, term, programme
-- needs: student_aid, poverty_list, residents
-- remedied_by: aid_refunds
-- opens: worklist
-- ledger: student-aid
-- owner: 教育局
-- due: 30 days
-- basis: 教财〔2018〕16号《关于做好家庭经济困难学生认定工作的指导意见》:建档立卡、低保、特困、孤儿、残疾及其他家庭经济困难学生;雨露计划只限建档立卡家庭 | Guidance on recognising pupils in difficulty (2018): poverty list, social assistance, destitute, orphans, disabled, others recognised; Rain and Dew is for families on the poverty list alone
-- message: {name} 于 {term} 学期领取{programme} {amount} 元,不在当期{grounds} | {name} was paid {amount} yuan of {programme} in {term} and is in none of: {grounds}
-- public: term, programme, amount, grounds
WITH aided AS (
    SELECT DISTINCT a.person, a.term FROM student_aid a
), family AS ( -- who shares a household with an aided pupil, the pupil too
    SELECT s.person, o.person AS member
    FROM residents s
    JOIN residents o ON o.household_no = s.household_no
    WHERE s.person IN (SELECT person FROM aided)
    UNION
    SELECT person, person FROM aided
), grounds AS (
    -- On the list of the term's year, or in spring on that of the winter before.
    SELECT a.person, a.term, true AS is_poor
    FROM aided a
    JOIN family f ON f.person = a.person
    JOIN poverty_list p ON p.person = f.member
    WHERE p._period = substr(a.term, 1, 4)
       OR (substr(a.term, 6, 1) = '1' AND CAST(p._period AS integer) = CAST(substr(a.term, 1, 4) AS integer) - 1)
    UNION
    SELECT a.person, a.term, false
    FROM aided a
    JOIN family f ON f.person = a.person
    JOIN low_income g ON g.person = f.member
    WHERE month_start(g.valid_from) <= term_end(a.term)
      AND (g.valid_to IS NULL OR month_end(g.valid_to) >= term_start(a.term))
    UNION
    SELECT a.person, a.term, false
    FROM aided a
    JOIN family f ON f.person = a.person
    JOIN disabled g ON g.person = f.member
    WHERE g.issued <= term_end(a.term)
    UNION
    SELECT a.person, a.term, false
    FROM aided a
    JOIN orphans g ON g.person = a.person
    WHERE month_start(g.valid_from) <= term_end(a.term)
    UNION
    SELECT a.person, a.term, false
    FROM aided a
    JOIN aid_recognised g ON g.person = a.person AND g.term = a.term
)
SELECT a.person AS subject, a.term, a.programme,
       list(a._row) AS aid_rows,
       min(a.name) AS name,
       sum(a.amount) AS amount,
       CASE WHEN a.programme = '雨露计划' THEN '建档立卡名册'
            ELSE '建档立卡、低保特困、残疾、孤儿名册和困难学生认定表' END AS grounds,
       CASE WHEN a.programme = '雨露计划' THEN 'red' ELSE 'yellow' END AS level,
       r.refund_rows AS remedy_rows,
       coalesce(r.paid_back, 0) >= sum(a.amount) AS remedied
FROM student_aid a
LEFT JOIN (SELECT person, term, programme, sum(amount) AS paid_back, list(_row) AS refund_rows
           FROM aid_refunds GROUP BY person, term, programme) r
       ON r.person = a.person AND r.term = a.term AND r.programme = a.programme
WHERE NOT EXISTS (SELECT 1 FROM grounds g
                  WHERE g.person = a.person AND g.term = a.term
                    AND (a.programme <> '雨露计划' OR g.is_poor))
GROUP BY a.person, a.term, a.programme, r.refund_rows, r.paid_back;
