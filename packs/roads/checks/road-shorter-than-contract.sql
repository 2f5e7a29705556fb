-- check: road-shorter-than-contract
-- title: 实测里程短于合同 | A road shorter than its contract
-- level: orange
-- subject: register
-- key: subject
-- needs: road_projects
-- opens: worklist
-- ledger: roads
-- owner: 交通局
-- due: 60 days
-- basis: 《农村公路建设管理办法》第四十一条起:交工、竣工验收 | Measures on building rural roads: acceptance
-- message: {road} 合同 {km} 公里,实测 {surveyed} 公里 | {road}: {km} km by contract, {surveyed} km by survey
-- public: road, km, surveyed
SELECT p._key AS subject, p._row AS road_row, p.road, p.km, p.surveyed_km AS surveyed
FROM road_projects p
WHERE p.surveyed_km < p.km * (1 - :length_tolerance);
