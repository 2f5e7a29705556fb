-- check: beneficiary-not-listed
-- title: 到户项目受益人不在名册 | A beneficiary who is not on the list
-- level: orange
-- subject: person
-- key: subject, project_no
-- needs: fund_projects, project_beneficiaries, poverty_list
-- absent: poverty_list
-- opens: worklist
-- ledger: projects
-- owner: 扶贫办
-- due: 60 days
-- basis: 《财政专项扶贫资金管理办法》:到户项目补助建档立卡户 | Measures on the poverty fund: household projects are for listed households
-- message: {name} 领取到户项目 {project} 补助 {amount} 元,{year} 年不在建档立卡名册 | {name} was paid {amount} yuan by {project} and is not on the list of {year}
-- public: project_no, project, amount, year
SELECT b.person AS subject, b.project_no, list(DISTINCT b._row) AS beneficiary_rows, min(b.name) AS name, min(p.project) AS project,
       max(b.amount) AS amount, min(b.year) AS year
FROM project_beneficiaries b
JOIN fund_projects p ON p.project_no = b.project_no AND p.level = '到户'
WHERE EXISTS (SELECT 1 FROM poverty_list y WHERE y._period = CAST(b.year AS VARCHAR))
  AND NOT EXISTS (SELECT 1 FROM poverty_list l WHERE l.person = b.person AND l._period = CAST(b.year AS VARCHAR))
GROUP BY b.person, b.project_no;
