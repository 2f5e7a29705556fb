-- check: solar-post-double
-- title: 光伏公益岗与其他公益岗重复 | A solar post beside another
-- level: orange
-- subject: person
-- key: subject, month
-- needs: solar_payments, public_posts
-- opens: worklist
-- ledger: solar
-- owner: 扶贫办
-- due: 60 days
-- basis: 公益性岗位管理:一人一岗 | one person, one post
-- message: {name} {month} 领取光伏公益岗工资,同时在公益岗“{post}” | {name} was paid for a solar post in {month} and holds the post "{post}"
-- public: month, post
SELECT p.person AS subject, p.month, list(DISTINCT p._row) AS payment_rows, list(DISTINCT o._row) AS post_rows, min(p.name) AS name, min(o.post) AS post
FROM solar_payments p
JOIN public_posts o ON o.person = p.person AND o.from_month <= p.month AND (o.to_month IS NULL OR o.to_month >= p.month)
WHERE p.kind = '公益岗'
GROUP BY p.person, p.month;
