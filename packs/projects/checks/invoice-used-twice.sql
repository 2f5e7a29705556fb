-- check: invoice-used-twice
-- title: 同一发票报销两次 | One invoice used twice
-- level: red
-- subject: register
-- key: subject
-- needs: project_payments
-- opens: issue
-- ledger: projects
-- owner: 扶贫办
-- due: 60 days
-- basis: 《会计法》第十四条、《财政违法行为处罚处分条例》第六条 | Accounting Law, article 14; regulations on fiscal violations, article 6
-- message: 发票 {invoice} 报销 {times} 次,共 {amount} 元 | invoice {invoice} was paid {times} times, {amount} yuan together
-- public: times, amount
SELECT min(y._key) AS subject, list(y._row) AS payment_rows, y.invoice, count(*) AS times, sum(y.amount) AS amount
FROM project_payments y
WHERE y.invoice IS NOT NULL
GROUP BY y.invoice
HAVING count(*) > 1;
