-- check: road-paid-before-acceptance
-- title: 未验收先付清 | Paid in full before acceptance
-- level: yellow
-- subject: register
-- key: subject
-- needs: road_projects
-- opens: worklist
-- ledger: roads
-- owner: 交通局
-- due: 60 days
-- basis: 《建设工程价款结算暂行办法》第十三条至第十六条 | Interim measures on settling construction prices
-- message: {road} 尚未验收,已付合同的 {percent}% | {road} is not accepted and {percent} % of its contract is paid
-- public: road, percent
SELECT p._key AS subject, p._row AS road_row, p.road, CAST(p.paid * 100 / nullif(p.contract, 0) AS DECIMAL(8,1)) AS percent
FROM road_projects p
WHERE p.accepted IS NULL AND p.contract > 0 AND p.paid > p.contract * :retention AND p.paid <= p.contract;
