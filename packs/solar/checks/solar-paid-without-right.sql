-- check: solar-paid-without-right
-- title: 领取人不在扶贫名册 | Paid without being on the list
-- level: orange
-- subject: person
-- key: subject, month
-- needs: solar_payments, poverty_list
-- absent: poverty_list
-- opens: worklist
-- ledger: solar
-- owner: 扶贫办
-- due: 60 days
-- basis: 《村级光伏扶贫电站收益分配管理办法》:用于贫困户公益岗位和补助 | Measures on sharing the income: for the posts and help of poor households
-- message: {name} {month} 领取光伏收益 {amount} 元,不在建档立卡名册 | {name} was paid {amount} yuan of {month} and is on no list
-- public: month, amount
SELECT p.person AS subject, p.month, list(p._row) AS payment_rows, min(p.name) AS name, sum(p.amount) AS amount
FROM solar_payments p
WHERE p.kind IN ('公益岗', '补助') AND NOT EXISTS (SELECT 1 FROM poverty_list l WHERE l.person = p.person)
GROUP BY p.person, p.month;
