-- check: assisted-not-on-list
-- title: 发放低保特困金而不在名册 | Paid assistance and not on its list
-- level: orange
-- subject: person
-- key: subject, programme
-- needs: subsidies, low_income
-- remedied_by: subsidy_recoveries
-- absent: low_income
-- opens: worklist
-- ledger: assistance
-- owner: 民政局
-- due: 30 days
-- basis: 《最低生活保障审核确认办法》(民发〔2021〕57号)及原《最低生活保障审核审批办法(试行)》:按审批名册发放 | Measures on approving the minimum allowance: paid by the approved list
-- message: {name} 领取{programme} {months} 个月 {amount} 元,当月低保特困名册中没有其人 | {name} was paid {months} months of {programme}, {amount} yuan, and was not on the list then
-- public: programme, months, amount
SELECT p.person AS subject, p.programme,
       list(DISTINCT p._row) AS subsidy_rows,
       min(p.name) AS name,
       count(DISTINCT p.month) AS months,
       sum(p.amount) AS amount,
       r.recovery_rows AS remedy_rows,
       coalesce(r.recovered, 0) >= sum(p.amount) AS remedied
FROM subsidies p
LEFT JOIN (SELECT person, programme, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM subsidy_recoveries GROUP BY person, programme) r
       ON r.person = p.person AND r.programme = p.programme
WHERE p.result = '成功' AND p.programme IN ('农村低保', '城市低保', '特困供养')
  AND NOT EXISTS (SELECT 1 FROM low_income g
                  WHERE g.person = p.person AND g.valid_from <= p.month
                    AND (g.valid_to IS NULL OR g.valid_to >= p.month))
GROUP BY p.person, p.programme, r.recovery_rows, r.recovered;
