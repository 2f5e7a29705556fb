-- check: project-paid-over-budget
-- title: 支付超过批复资金 | Paid over the budget
-- level: orange
-- subject: register
-- key: subject
-- needs: fund_projects, project_payments
-- opens: worklist
-- ledger: projects
-- owner: 扶贫办
-- due: 60 days
-- basis: 《财政专项扶贫资金管理办法》(财农〔2017〕8号) | Measures on the poverty fund (2017)
-- message: {project} 批复 {budget} 元,已付 {paid} 元 | {project}: budget {budget} yuan, paid {paid}
-- public: project, budget, paid
SELECT p._key AS subject, min(p._row) AS project_row, list(y._row) AS payment_rows, min(p.project) AS project, min(p.budget) AS budget, sum(y.amount) AS paid
FROM fund_projects p
JOIN project_payments y ON y.project_no = p.project_no
GROUP BY p._key
HAVING sum(y.amount) > min(p.budget);
