-- check: rebuilt-and-relocated
-- title: 既享受危房改造又易地搬迁 | Granted for rebuilding and relocated
-- level: yellow
-- subject: person
-- key: subject
-- needs: housing_rebuilds, relocated
-- remedied_by: housing_recoveries
-- opens: issue
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 建村〔2016〕251号:易地扶贫搬迁户不得重复纳入危房改造 | Guidance of 2016: relocated households are not rebuilt for
-- message: {name} {plan_year} 年领取危房改造补助 {amount} 元,又于 {moved} 入住安置房 | {name} was granted {amount} yuan in {plan_year} and moved into a new flat on {moved}
-- public: plan_year, amount, moved
SELECT b.person AS subject, list(DISTINCT b._row) AS rebuild_rows, list(DISTINCT m._row) AS relocated_rows,
       min(b.name) AS name, max(b.plan_year) AS plan_year, sum(b.grant_amount) AS amount, max(m.moved) AS moved,
       CASE WHEN abs(max(b.plan_year) - CAST(substr(CAST(max(m.moved) AS varchar), 1, 4) AS integer)) <= :overlap_years
            THEN 'red' ELSE 'yellow' END AS level, -- an old repair is yellow
       v.recovery_rows AS remedy_rows,
       coalesce(v.recovered, 0) >= sum(b.grant_amount) AS remedied
FROM housing_rebuilds b
JOIN relocated m ON m.person = b.person
LEFT JOIN (SELECT person, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM housing_recoveries GROUP BY person) v ON v.person = b.person
GROUP BY b.person, v.recovery_rows, v.recovered;
