-- check: post-held-by-dead
-- title: 死亡人员仍在公益岗位名册 | Dead, yet in a public-welfare post
-- level: orange
-- subject: person
-- key: subject
-- needs: public_posts, deaths
-- opens: worklist
-- ledger: assistance
-- owner: 人社局
-- due: 30 days
-- basis: 《就业补助资金管理办法》(财社〔2017〕164号):岗位补贴发放给在岗人员 | Measures for employment subsidies (2017): for those at work
-- message: {name} 于 {death_date} 死亡,仍在公益岗位 {post} | {name} died on {death_date} and still holds the post {post}
-- public: death_date, post
SELECT o.person AS subject,
       list(DISTINCT o._row) AS post_rows,
       list(DISTINCT d._row) AS death_rows,
       min(o.name) AS name, min(o.post) AS post, max(d.death_date) AS death_date
FROM public_posts o
JOIN deaths d ON d.person = o.person
WHERE o.to_month IS NULL OR month_start(o.to_month) > d.death_date
GROUP BY o.person
HAVING CAST(:as_of AS date) - max(d.death_date) > :post_grace_days;
