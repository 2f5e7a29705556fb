-- check: payments-split
-- title: 同日拆分支付规避审批 | Payments split on a day
-- level: yellow
-- subject: register
-- key: subject
-- needs: project_payments
-- opens: worklist
-- ledger: projects
-- owner: 扶贫办
-- due: 60 days
-- basis: 县扶贫资金审批限额(参数,县里自定) | the county's limits of approval (a parameter)
-- message: {project_no} {paid} 向同一收款人支付 {times} 笔,共 {amount} 元 | {project_no} paid one payee {times} times on {paid}, {amount} yuan together
-- public: project_no, paid, times, amount
SELECT min(y._key) AS subject, list(y._row) AS payment_rows, y.project_no, y.paid, count(*) AS times, sum(y.amount) AS amount
FROM project_payments y
WHERE y.amount < :split_limit
GROUP BY y.project_no, y.payee, y.paid
HAVING count(*) >= :split_count AND sum(y.amount) >= :split_limit;
