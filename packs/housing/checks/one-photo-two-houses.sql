-- check: one-photo-two-houses
-- title: 一张竣工照片用于两户 | One photo for two houses
-- level: orange
-- subject: register
-- key: subject
-- needs: housing_rebuilds
-- opens: worklist
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 危房改造农户档案要求:一户一档,照片对应本户 | Files of rebuilt households: a file and photos for each
-- message: 竣工照片 {photo} 用于 {houses} 户的改造档案 | photo {photo} stands in the files of {houses} houses
-- public: photo, houses
SELECT min(b._key) AS subject, b.photo, list(b._row) AS rebuild_rows,
       count(DISTINCT b.person) AS houses
FROM housing_rebuilds b
WHERE b.photo IS NOT NULL
GROUP BY b.photo
HAVING count(DISTINCT b.person) > 1;
