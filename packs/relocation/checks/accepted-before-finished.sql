-- check: accepted-before-finished
-- title: 竣工之前已经验收 | Accepted before it was finished
-- level: orange
-- subject: register
-- key: subject
-- needs: reloc_projects
-- opens: worklist
-- ledger: relocation
-- owner: 住建局
-- due: 60 days
-- basis: 《建设工程质量管理条例》第十六条:竣工后组织验收 | Regulations on construction quality, article 16: acceptance after completion
-- message: {project} 验收日期 {accepted} 早于竣工日期 {finished} | {project} was accepted on {accepted}, before it was finished on {finished}
-- public: project, accepted, finished
SELECT p._key AS subject, p._row AS project_row, p.project, p.accepted, coalesce(CAST(p.finished AS VARCHAR), '无') AS finished
FROM reloc_projects p
WHERE p.accepted IS NOT NULL AND (p.finished IS NULL OR p.accepted < p.finished);
