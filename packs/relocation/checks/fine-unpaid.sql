-- check: fine-unpaid
-- title: 罚款到期没有缴清 | A fine is not paid
-- level: orange
-- subject: register
-- key: subject
-- needs: reloc_penalties
-- remedied_by: penalty_receipts
-- opens: issue
-- ledger: relocation
-- owner: 住建局
-- due: 60 days
-- basis: 《行政处罚法》:当事人应当自收到决定书之日起十五日内缴纳罚款 | Law on Administrative Penalties: to be paid within fifteen days
-- message: {payer}({order_no})应缴罚款 {amount} 元,已缴库 {paid} 元 | {payer} owes {amount} yuan by {order_no}; {paid} came in
-- public: payer, order_no, amount, paid
SELECT x._key AS subject, x._row AS penalty_row, x.payer, x.order_no, x.amount, coalesce(r.paid, 0) AS paid,
       r.receipt_rows AS remedy_rows, coalesce(r.paid, 0) >= x.amount AS remedied
FROM reloc_penalties x
LEFT JOIN (SELECT order_no, sum(amount) AS paid, list(_row) AS receipt_rows FROM penalty_receipts GROUP BY order_no) r
       ON r.order_no = x.order_no
WHERE x.amount > 0 AND CAST(:as_of AS DATE) - x.decided > :fine_days;
