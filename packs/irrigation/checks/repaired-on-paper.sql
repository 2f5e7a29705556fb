-- check: repaired-on-paper
-- title: 两次维修同一张照片 | One photo for two repairs
-- level: orange
-- subject: register
-- key: subject
-- needs: irrigation_repairs
-- opens: worklist
-- ledger: irrigation
-- owner: 水利局
-- due: 60 days
-- basis: 审计常用口径:虚报维修 | audit practice: repairs that never happened
-- message: 照片 {photo} 用于 {repairs} 次维修,费用 {cost} 元 | photo {photo} stands for {repairs} repairs, {cost} yuan
-- public: photo, repairs, cost
SELECT min(r._key) AS subject, list(r._row) AS repair_rows, r.photo, count(*) AS repairs, sum(coalesce(r.cost, 0)) AS cost
FROM irrigation_repairs r
WHERE r.photo IS NOT NULL
GROUP BY r.photo
HAVING count(*) > 1;
