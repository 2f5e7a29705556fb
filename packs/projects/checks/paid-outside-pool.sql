-- check: paid-outside-pool
-- title: 未入库或公示未满先支付 | Paid outside the pool or before publication ended
-- level: orange
-- subject: register
-- key: subject
-- needs: fund_projects, project_payments
-- opens: worklist
-- ledger: projects
-- owner: 扶贫办
-- due: 60 days
-- basis: 《财政专项扶贫资金管理办法》:入库项目、公告公示 | Measures on the poverty fund: pool and publication
-- message: {project} 于 {paid} 支付 {amount} 元,入库:{pool},公示截止 {published} | {project} was paid {amount} yuan on {paid}; in the pool: {pool}; published to {published}
-- public: project, paid, amount, pool, published
SELECT p._key AS subject, min(p._row) AS project_row, list(y._row) AS payment_rows, min(p.project) AS project, min(y.paid) AS paid,
       sum(y.amount) AS amount, min(CASE WHEN p.in_pool THEN '是' ELSE '否' END) AS pool,
       coalesce(CAST(min(p.published_to) AS VARCHAR), '无') AS published
FROM fund_projects p
JOIN project_payments y ON y.project_no = p.project_no
WHERE NOT p.in_pool OR p.published_to IS NULL OR y.paid < p.published_to
GROUP BY p._key;
