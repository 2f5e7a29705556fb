-- check: final-paid-before-acceptance
-- title: 未验收支付验收款 | The last part paid before acceptance
-- level: orange
-- subject: register
-- key: subject
-- needs: fund_projects, project_payments
-- opens: worklist
-- ledger: projects
-- owner: 扶贫办
-- due: 60 days
-- basis: 《财政专项扶贫资金管理办法》(财农〔2017〕8号) | Measures on the poverty fund (2017)
-- message: {project} 于 {paid} 支付验收款 {amount} 元,验收日期 {accepted} | {project} was paid its last {amount} yuan on {paid}; it was accepted on {accepted}
-- public: project, paid, amount, accepted
SELECT p._key AS subject, min(p._row) AS project_row, list(y._row) AS payment_rows, min(p.project) AS project, min(y.paid) AS paid, sum(y.amount) AS amount,
       coalesce(CAST(min(p.accepted) AS VARCHAR), '无') AS accepted
FROM fund_projects p
JOIN project_payments y ON y.project_no = p.project_no AND y.step = '验收'
WHERE p.accepted IS NULL OR y.paid < p.accepted
GROUP BY p._key;
