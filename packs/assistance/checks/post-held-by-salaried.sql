-- check: post-held-by-salaried
-- title: 财政供养人员占公益岗位 | On the public payroll and in a public-welfare post
-- level: orange
-- subject: person
-- key: subject
-- needs: public_posts, payroll
-- opens: issue
-- ledger: assistance
-- owner: 人社局
-- due: 30 days
-- basis: 《就业补助资金管理办法》(财社〔2017〕164号):公益性岗位用于安置就业困难人员 | Measures for employment subsidies (2017): posts are for those who find no work
-- message: {name} 是{unit}{kind},又在公益岗位 {post} | {name} is on the payroll of {unit} ({kind}) and holds the post {post}
-- public: kind, post
SELECT o.person AS subject,
       list(DISTINCT o._row) AS post_rows,
       list(DISTINCT w._row) AS payroll_rows,
       min(o.name) AS name, min(o.post) AS post, min(w.unit) AS unit, min(w.kind) AS kind
FROM public_posts o
JOIN payroll w ON w.person = o.person
-- The payroll lists the posts themselves too: those are no second salary.
WHERE w.kind IN ('公务员', '事业人员', '离退休')
  AND w.from_month <= coalesce(o.to_month, '9999-12') AND o.from_month <= coalesce(w.to_month, '9999-12')
GROUP BY o.person;
