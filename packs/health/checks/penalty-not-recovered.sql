-- check: penalty-not-recovered
-- title: 处理决定的金额没有追回 | An ordered sum has not come back
-- level: orange
-- subject: register
-- key: subject
-- needs: fund_penalties
-- remedied_by: fund_recoveries
-- opens: issue
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 《医疗保障基金使用监督管理条例》第三十八条:责令退回 | Regulations on the fund, article 38: to be paid back
-- message: {institution} {order_no} 应追回 {amount} 元,到期已到账 {recovered} 元 | {institution} owes {amount} yuan by {order_no}; {recovered} came in
-- public: institution, order_no, amount, recovered
SELECT p._key AS subject, p._row AS penalty_row, p.institution, p.order_no, p.amount,
       coalesce(v.recovered, 0) AS recovered, v.recovery_rows AS remedy_rows, coalesce(v.recovered, 0) >= p.amount AS remedied
FROM fund_penalties p
LEFT JOIN (SELECT order_no, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM fund_recoveries WHERE order_no IS NOT NULL GROUP BY order_no) v ON v.order_no = p.order_no
WHERE CAST(:as_of AS DATE) - p.decided > :recover_days;
