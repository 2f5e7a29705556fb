-- check: income-not-shared
-- title: 资产收益没有分配 | Income that was not distributed
-- level: yellow
-- subject: register
-- key: subject
-- needs: project_assets
-- opens: worklist
-- ledger: projects
-- owner: 扶贫办
-- due: 60 days
-- basis: 县扶贫项目收益分配办法(参数) | the county's rule on sharing income (a parameter)
-- message: {asset} 本年收益 {income} 元,已分配 {shared} 元 | {asset} earned {income} yuan, {shared} were distributed
-- public: asset, income, shared
SELECT a._key AS subject, a._row AS asset_row, a.asset, a.income, coalesce(a.shared, 0) AS shared
FROM project_assets a
WHERE a.income > 0 AND coalesce(a.shared, 0) < a.income * :benefit_share;
