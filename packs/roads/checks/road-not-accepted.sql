-- check: road-not-accepted
-- title: 公路交工后没有验收 | A road not accepted
-- level: yellow
-- subject: register
-- key: subject
-- needs: road_projects
-- opens: worklist
-- ledger: roads
-- owner: 交通局
-- due: 60 days
-- basis: 《农村公路建设管理办法》第四十一条起:交工、竣工验收 | Measures on building rural roads: acceptance
-- message: {road} 于 {finished} 交工,没有验收 | {road} was finished on {finished} and not accepted
-- public: road, finished
SELECT p._key AS subject, p._row AS road_row, p.road, p.finished
FROM road_projects p
WHERE p.accepted IS NULL AND CAST(:as_of AS DATE) - p.finished > :accept_days;
