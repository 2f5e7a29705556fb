-- check: rebuilt-for-salaried
-- title: 财政供养人员领取危房改造补助 | Granted to somebody on the public payroll
-- level: orange
-- subject: person
-- key: subject
-- needs: housing_rebuilds, payroll
-- remedied_by: housing_recoveries
-- opens: issue
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 建村〔2016〕251号:补助对象为建档立卡户、低保户、分散供养特困人员和贫困残疾人家庭 | Guidance of 2016: grants are for four groups
-- message: {name} 是{unit}{kind},{plan_year} 年领取危房改造补助 {amount} 元 | {name} is on the payroll of {unit} ({kind}) and was granted {amount} yuan in {plan_year}
-- public: kind, plan_year, amount
SELECT b.person AS subject, list(DISTINCT b._row) AS rebuild_rows, list(DISTINCT w._row) AS payroll_rows,
       min(b.name) AS name, min(w.unit) AS unit, min(w.kind) AS kind,
       max(b.plan_year) AS plan_year, max(b.grant_amount) AS amount,
       v.recovery_rows AS remedy_rows,
       coalesce(v.recovered, 0) >= max(b.grant_amount) AS remedied
FROM housing_rebuilds b
JOIN payroll w ON w.person = b.person
LEFT JOIN (SELECT person, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM housing_recoveries GROUP BY person) v ON v.person = b.person
WHERE w.kind IN ('公务员', '事业人员')
  AND substr(w.from_month, 1, 4) <= CAST(b.plan_year AS varchar)
  AND (w.to_month IS NULL OR substr(w.to_month, 1, 4) >= CAST(b.plan_year AS varchar))
GROUP BY b.person, v.recovery_rows, v.recovered;
