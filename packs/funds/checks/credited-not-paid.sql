-- check: credited-not-paid
-- title: 到账而没有发放记录 | Credited without a payment
-- level: red
-- subject: person
-- key: subject, programme, month
-- needs: bank_credits, subsidies
-- absent: subsidies
-- opens: issue
-- ledger: funds
-- owner: 财政局
-- due: 60 days
-- basis: 《财政违法行为处罚处分条例》第六条 | Regulations on fiscal violations, article 6
-- message: {name} {month} 到账{programme} {credited} 元,没有发放记录 | {name} was credited {credited} yuan of {programme} for {month}; no payment is on record
-- public: programme, month, credited
SELECT c.person AS subject, c.programme, c.month, list(c._row) AS credit_rows, min(c.name) AS name, sum(c.amount) AS credited
FROM bank_credits c
WHERE NOT EXISTS (SELECT 1 FROM subsidies p WHERE p.person = c.person AND p.programme = c.programme AND p.month = c.month AND p.result = '成功')
GROUP BY c.person, c.programme, c.month;
