-- check: grant-over-standard
-- title: 危房改造补助超标准 | Grant over the standard of its grade
-- level: orange
-- subject: person
-- key: subject, plan_year
-- needs: housing_rebuilds
-- remedied_by: housing_recoveries
-- opens: issue
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 县危房改造实施方案所定分级补助标准(参数,县里自定) | the county's own standards by grade (parameters)
-- message: {name} {plan_year} 年 {grade} 级改造领取补助 {amount} 元,标准 {allowed} 元 | {name} was granted {amount} yuan for grade {grade} in {plan_year}; the standard is {allowed}
-- public: plan_year, grade, amount, allowed
SELECT b.person AS subject, b.plan_year, list(DISTINCT b._row) AS rebuild_rows,
       min(b.name) AS name, min(b.grade) AS grade, max(b.grant_amount) AS amount,
       CASE WHEN min(b.grade) = 'C' THEN :grant_c ELSE :grant_d END AS allowed,
       v.recovery_rows AS remedy_rows,
       coalesce(v.recovered, 0) >= max(b.grant_amount) - (CASE WHEN min(b.grade) = 'C' THEN :grant_c ELSE :grant_d END) AS remedied
FROM housing_rebuilds b
LEFT JOIN (SELECT person, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM housing_recoveries GROUP BY person) v ON v.person = b.person
WHERE b.grant_amount > (CASE WHEN b.grade = 'C' THEN :grant_c ELSE :grant_d END)
GROUP BY b.person, b.plan_year, v.recovery_rows, v.recovered;
