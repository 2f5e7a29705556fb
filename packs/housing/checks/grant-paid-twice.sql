-- check: grant-paid-twice
-- title: 一户两次领取危房改造补助 | Two grants for one house
-- level: orange
-- subject: person
-- key: subject
-- needs: housing_rebuilds
-- remedied_by: housing_recoveries
-- opens: issue
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 建村〔2016〕251号:已享受过危房改造补助的农户不得重复享受(早年修缮、分户的另行核实) | Guidance of 2016: no second grant (old repairs and divided households are looked at)
-- message: {name} 在 {years} 年两次领取危房改造补助,共 {amount} 元 | {name} was granted twice ({years}), {amount} yuan
-- public: years, amount
SELECT b.person AS subject, list(DISTINCT b._row) AS rebuild_rows,
       min(b.name) AS name,
       string_agg(DISTINCT CAST(b.plan_year AS varchar), '、' ORDER BY CAST(b.plan_year AS varchar)) AS years,
       sum(b.grant_amount) AS amount,
       v.recovery_rows AS remedy_rows,
       coalesce(v.recovered, 0) >= min(b.grant_amount) AS remedied
FROM housing_rebuilds b
LEFT JOIN (SELECT person, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM housing_recoveries GROUP BY person) v ON v.person = b.person
GROUP BY b.person, v.recovery_rows, v.recovered
HAVING count(*) > 1;
