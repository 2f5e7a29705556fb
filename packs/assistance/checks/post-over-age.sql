-- check: post-over-age
-- title: 公益岗位人员超龄 | Over the age of public-welfare posts
-- level: yellow
-- subject: person
-- key: subject
-- needs: public_posts
-- opens: worklist
-- ledger: assistance
-- owner: 人社局
-- due: 30 days
-- basis: 公益性岗位开发管理规定:安置劳动年龄内就业困难人员(县里可放宽,见参数) | Rules on public-welfare posts: for those of working age (the county may widen it: a parameter)
-- message: {name} 已 {age} 岁,仍在公益岗位 {post} | {name} is {age} and holds the post {post}
-- public: age, post
SELECT o.person AS subject,
       list(o._row) AS post_rows,
       min(o.name) AS name, min(o.post) AS post,
       min(age_at(id_birth(o.id), CAST(:as_of AS date))) AS age
FROM public_posts o
WHERE o.id IS NOT NULL AND o.to_month IS NULL
  AND age_at(id_birth(o.id), CAST(:as_of AS date)) > :post_age_to
GROUP BY o.person;
