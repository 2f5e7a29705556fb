-- check: asset-without-owner
-- title: 项目资产没有确权移交 | An asset without an owner
-- level: yellow
-- subject: register
-- key: subject
-- needs: fund_projects, project_assets
-- opens: worklist
-- ledger: projects
-- owner: 扶贫办
-- due: 60 days
-- basis: 《关于加强扶贫项目资产后续管理的指导意见》:确权登记、移交 | guidance on assets: owner and handing over
-- message: {asset}({project})验收于 {accepted},没有产权归属或移交 | {asset} of {project}, accepted on {accepted}, has no owner or was not handed over
-- public: asset, project, accepted
SELECT a._key AS subject, min(a._row) AS asset_row, list(p._row) AS project_rows, min(a.asset) AS asset, min(p.project) AS project, min(p.accepted) AS accepted
FROM project_assets a
JOIN fund_projects p ON p.project_no = a.project_no
WHERE (a.owner IS NULL OR a.handed IS NULL) AND CAST(:as_of AS DATE) - p.accepted > :asset_days
GROUP BY a._key;
