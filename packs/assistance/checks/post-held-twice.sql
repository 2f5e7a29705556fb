-- check: post-held-twice
-- title: 一人同时占两个公益岗位 | Two public-welfare posts at a time
-- level: orange
-- subject: person
-- key: subject
-- needs: public_posts
-- opens: issue
-- ledger: assistance
-- owner: 人社局
-- due: 30 days
-- basis: 《就业补助资金管理办法》(财社〔2017〕164号):公益性岗位补贴按人发放 | Measures for employment subsidies (2017): one post subsidy for a person
-- message: {name} 同时在 {post} 和 {other_post} 两个公益岗位 | {name} holds two posts at a time: {post} and {other_post}
-- public: post, other_post
SELECT a.person AS subject,
       list(DISTINCT a._row) AS post_rows,
       list(DISTINCT b._row) AS other_rows,
       min(a.name) AS name, min(a.post) AS post, max(a.post) AS other_post
FROM public_posts a
JOIN public_posts b ON b.person = a.person AND b._row <> a._row
 AND a.from_month <= coalesce(b.to_month, '9999-12') AND b.from_month <= coalesce(a.to_month, '9999-12')
GROUP BY a.person;
