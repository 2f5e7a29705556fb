-- check: road-paid-over-contract
-- title: 公路支付超过合同 | Paid over the contract of a road
-- level: orange
-- subject: register
-- key: subject
-- needs: road_projects
-- opens: worklist
-- ledger: roads
-- owner: 交通局
-- due: 60 days
-- basis: 《政府投资条例》第二十三条 | Regulations on public investment, article 23
-- message: {road} 合同 {contract} 元,已付 {paid} 元 | {road}: contract {contract} yuan, paid {paid}
-- public: road, contract, paid
SELECT p._key AS subject, p._row AS road_row, p.road, p.contract, p.paid
FROM road_projects p
WHERE p.paid > p.contract;
