-- check: child-out-of-school
-- title: 适龄儿童失学未劝返 | A child out of school
-- level: red
-- subject: person
-- key: subject
-- needs: out_of_school
-- opens: issue
-- ledger: schools
-- owner: 教育局
-- due: 60 days
-- basis: 《义务教育法》第十一条、第十三条:组织和督促适龄儿童入学 | Compulsory Education Law, articles 11 and 13
-- message: {name} {found} 核查为失学,尚未复学 | {name} was found out of school on {found} and is not back
-- public: found
SELECT o.person AS subject, list(o._row) AS child_rows, min(o.name) AS name, min(o.found) AS found
FROM out_of_school o
WHERE o.state = '失学' AND o.returned IS NULL AND CAST(:as_of AS DATE) - o.found > :return_days
GROUP BY o.person;
