-- check: building-not-appraised
-- title: 单位工程没有质量鉴定 | A building without a quality appraisal
-- level: orange
-- subject: register
-- key: subject
-- needs: reloc_units
-- opens: worklist
-- ledger: relocation
-- owner: 住建局
-- due: 60 days
-- basis: 县整改方案:2016 年以来易地搬迁工程逐个鉴定 | the county's plan: every building since 2016 is appraised
-- message: 项目 {project_no} 单位工程 {unit_no} 于 {started} 开工,没有质量鉴定 | building {unit_no} of project {project_no}, begun on {started}, was never appraised
-- public: unit_no, project_no, started
SELECT u._key AS subject, u._row AS unit_row, u.unit_no, u.project_no, u.started
FROM reloc_units u
WHERE u.started >= CAST('2016-01-01' AS DATE) AND u.appraised IS NULL;
