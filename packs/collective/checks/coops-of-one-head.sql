-- check: coops-of-one-head
-- title: 一人任多家享受补助的合作社负责人 | One head of several aided co-operatives
-- level: yellow
-- subject: person
-- key: subject
-- needs: farmer_coops
-- opens: worklist
-- ledger: collective
-- owner: 农业农村局
-- due: 60 days
-- basis: 审计常用口径(参数);交叉任职本身合法 | audit practice (a parameter); being in several is lawful
-- message: {name} 任 {coops} 家合作社负责人,累计补助 {grants} 元 | {name} heads {coops} co-operatives with {grants} yuan of grants
-- public: coops, grants
SELECT f.person AS subject, list(f._row) AS coop_rows, min(f.head) AS name, count(*) AS coops, sum(f.grants) AS grants
FROM farmer_coops f
WHERE f.grants > 0 AND coalesce(f.cleared, '') <> '注销'
GROUP BY f.person
HAVING count(*) >= :same_officer;
