-- check: dangerous-not-rebuilt
-- title: C、D 级危房没有改造也没有搬迁 | Grade C or D, neither rebuilt nor moved
-- level: orange
-- subject: person
-- key: subject
-- needs: housing_appraisals, housing_rebuilds
-- absent: housing_rebuilds
-- opens: issue
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 《关于加强建档立卡贫困户等重点对象危房改造工作的指导意见》(建村〔2016〕251号):C、D 级危房应改尽改 | Guidance on rebuilding for key groups (2016): every house of grade C or D is rebuilt
-- message: {name} 的住房于 {appraised} 鉴定为 {grade} 级({report_no}),至今没有改造或搬迁 | the house of {name} was graded {grade} on {appraised} (report {report_no}) and is neither rebuilt nor left
-- public: grade, appraised, report_no
WITH worst AS (
    SELECT a.person, max(a.grade) AS grade, max(a.appraised) AS appraised, max(a.report_no) AS report_no,
           min(a.name) AS name, list(a._row) AS appraisal_rows
    FROM housing_appraisals a
    WHERE a.grade IN ('C', 'D')
    GROUP BY a.person
), family AS ( -- who shares the household, the head too
    SELECT s.person, o.person AS member
    FROM residents s
    JOIN residents o ON o.household_no = s.household_no
    WHERE s.person IN (SELECT person FROM worst)
    UNION
    SELECT person, person FROM worst
)
SELECT w.person AS subject, w.appraisal_rows, w.name, w.grade, w.appraised, w.report_no,
       CASE WHEN w.grade = 'D' THEN 'red' ELSE 'orange' END AS level
FROM worst w
WHERE CAST(:as_of AS date) - w.appraised > :rebuild_days
  AND NOT EXISTS (SELECT 1 FROM family f JOIN housing_rebuilds b ON b.person = f.member
                  WHERE f.person = w.person AND b.finished >= w.appraised)
  AND NOT EXISTS (SELECT 1 FROM family f JOIN relocated m ON m.person = f.member
                  WHERE f.person = w.person);
