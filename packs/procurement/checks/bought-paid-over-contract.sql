-- check: bought-paid-over-contract
-- title: 采购支付超过合同 | Paid over the contract
-- level: orange
-- subject: register
-- key: subject
-- needs: procurements
-- opens: worklist
-- ledger: procurement
-- owner: 财政局
-- due: 60 days
-- basis: 《政府采购法》 | Government Procurement Law
-- message: {title} 合同 {amount} 元,已付 {paid} 元 | {title}: contract {amount} yuan, paid {paid}
-- public: title, amount, paid
SELECT p._key AS subject, p._row AS procurement_row, p.title, p.amount, p.paid
FROM procurements p
WHERE p.paid > p.amount;
