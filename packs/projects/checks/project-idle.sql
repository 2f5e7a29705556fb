-- check: project-idle
-- title: 报告正常运营而无用电、销售、租金 | Said to be at work, without power, sales or rent
-- level: orange
-- subject: register
-- key: subject
-- needs: fund_projects, project_use
-- opens: worklist
-- ledger: projects
-- owner: 扶贫办
-- due: 60 days
-- basis: 《关于加强扶贫项目资产后续管理的指导意见》:防止闲置 | guidance on assets: not to lie idle
-- message: {project} 登记为正常运营,{since} 以来 {months} 个月没有用电、销售和租金 | {project}, said to be at work, had no power, sales or rent in {months} months since {since}
-- public: project, since, months
SELECT p._key AS subject, min(p._row) AS project_row, list(u._row) AS use_rows, min(p.project) AS project, min(u.month) AS since, count(*) AS months
FROM fund_projects p
JOIN project_use u ON u.project_no = p.project_no
WHERE p.status = '运营'
GROUP BY p._key
HAVING count(*) >= :idle_months AND sum(coalesce(u.kwh, 0)) < :idle_kwh * count(*) AND sum(coalesce(u.sales, 0)) = 0 AND sum(coalesce(u.rent, 0)) = 0;
