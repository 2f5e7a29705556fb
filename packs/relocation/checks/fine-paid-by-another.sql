-- check: fine-paid-by-another
-- title: 罚款由他人代缴 | A fine paid by somebody else
-- level: yellow
-- subject: register
-- key: subject
-- needs: reloc_penalties, penalty_receipts
-- opens: worklist
-- ledger: relocation
-- owner: 住建局
-- due: 60 days
-- basis: 审计常用口径:罚款由被处罚人承担,不得由财政或他人代缴 | audit practice: the punished pay, not the budget or others
-- message: {order_no} 处罚 {payer},缴款人为 {paid_by},金额 {amount} 元 | {order_no} fines {payer}; {paid_by} paid {amount} yuan
-- public: order_no, payer, paid_by, amount
SELECT r._key AS subject, r._row AS receipt_row, x._row AS penalty_row, x.order_no, x.payer, r.payer AS paid_by, r.amount
FROM penalty_receipts r
JOIN reloc_penalties x ON x.order_no = r.order_no
WHERE replace(r.payer, ' ', '') <> replace(x.payer, ' ', '');
