-- check: accepted-by-its-handler
-- title: 经办人自己验收 | Accepted by its own handler
-- level: orange
-- subject: register
-- key: subject
-- needs: fund_projects
-- opens: worklist
-- ledger: projects
-- owner: 扶贫办
-- due: 60 days
-- basis: 内部控制:不相容岗位分离;《行政事业单位内部控制规范》 | internal control: duties are kept apart
-- message: {project} 经办人与验收人为同一人 | {project} was accepted by its own handler
-- public: project
SELECT p._key AS subject, p._row AS project_row, p.project
FROM fund_projects p
WHERE p.accepted IS NOT NULL AND replace(p.handler, ' ', '') = replace(p.acceptor, ' ', '');
