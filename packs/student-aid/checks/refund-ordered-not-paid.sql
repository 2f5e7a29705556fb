-- check: refund-ordered-not-paid
-- title: 责令退款逾期未退 | Refund ordered and not paid in time
-- level: orange
-- subject: person
-- key: subject, order_no, term, programme
-- needs: aid_refund_orders
-- remedied_by: aid_refunds
-- opens: issue
-- ledger: student-aid
-- owner: 教育局
-- due: 30 days
-- basis: 《财政违法行为处罚处分条例》第六条:违规使用、骗取财政资金的,责令改正,追回有关财政资金 | Regulations on fiscal violations, article 6: money wrongly taken is recovered
-- message: {name} 应于 {order_date} 通知后退回 {term} 学期{programme} {amount} 元(文号 {order_no}),已退 {paid_back} 元 | {name} was ordered on {order_date} to pay back {amount} yuan of {programme} for {term} (order {order_no}); {paid_back} came in
-- public: order_no, term, programme, amount, order_date, paid_back
SELECT o.person AS subject, o.order_no, o.term, o.programme,
       list(DISTINCT o._row) AS order_rows,
       min(o.name) AS name,
       max(o.amount) AS amount,
       min(o.order_date) AS order_date,
       coalesce(r.paid_back, 0) AS paid_back,
       r.refund_rows AS remedy_rows,
       coalesce(r.paid_back, 0) >= max(o.amount) AS remedied
FROM aid_refund_orders o
LEFT JOIN (SELECT person, term, programme, sum(amount) AS paid_back, list(_row) AS refund_rows
           FROM aid_refunds GROUP BY person, term, programme) r
       ON r.person = o.person AND r.term = o.term AND r.programme = o.programme
WHERE CAST(:as_of AS date) - o.order_date > :refund_days
GROUP BY o.person, o.order_no, o.term, o.programme, r.paid_back, r.refund_rows;
