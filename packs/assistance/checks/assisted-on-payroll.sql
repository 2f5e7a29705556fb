-- check: assisted-on-payroll
-- title: 财政供养人员领取低保特困金 | On the public payroll and on social assistance
-- level: orange
-- subject: person
-- key: subject, programme
-- needs: subsidies, payroll
-- remedied_by: subsidy_recoveries
-- opens: issue
-- ledger: assistance
-- owner: 民政局
-- due: 30 days
-- basis: 《社会救助暂行办法》第九条:共同生活的家庭成员人均收入低于当地标准的,给予最低生活保障 | Interim Measures for Social Assistance, article 9: assistance is for incomes under the line
-- message: {name} 是{unit}{kind},同时领取{programme} {months} 个月 {amount} 元 | {name} is on the payroll of {unit} ({kind}) and was paid {months} months of {programme}, {amount} yuan
-- public: programme, kind, months, amount
SELECT p.person AS subject, p.programme,
       list(DISTINCT p._row) AS subsidy_rows,
       list(DISTINCT w._row) AS payroll_rows,
       min(p.name) AS name, min(w.unit) AS unit, min(w.kind) AS kind,
       count(DISTINCT p.month) AS months,
       sum(p.amount) AS amount,
       r.recovery_rows AS remedy_rows,
       coalesce(r.recovered, 0) >= sum(p.amount) AS remedied
FROM subsidies p
JOIN payroll w ON w.person = p.person
LEFT JOIN (SELECT person, programme, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM subsidy_recoveries GROUP BY person, programme) r
       ON r.person = p.person AND r.programme = p.programme
-- Public-welfare posts and the hired are paid little and may be assisted.
WHERE p.result = '成功' AND p.programme IN ('农村低保', '城市低保', '特困供养')
  AND w.kind IN ('公务员', '事业人员', '离退休')
  AND w.from_month <= p.month AND (w.to_month IS NULL OR w.to_month >= p.month)
GROUP BY p.person, p.programme, r.recovery_rows, r.recovered;
