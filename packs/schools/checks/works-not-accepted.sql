-- check: works-not-accepted
-- title: 办学条件项目完工未验收 | School works finished and not accepted
-- level: yellow
-- subject: register
-- key: subject
-- needs: school_works
-- opens: worklist
-- ledger: schools
-- owner: 教育局
-- due: 60 days
-- basis: 《建设工程质量管理条例》第十六条:竣工后组织验收 | Regulations on construction quality, article 16
-- message: {school} {project} 于 {finished} 完工,没有验收 | {project} of {school} was finished on {finished} and not accepted
-- public: school, project, finished
SELECT w._key AS subject, w._row AS works_row, w.school, w.project, w.finished
FROM school_works w
WHERE w.accepted IS NULL AND CAST(:as_of AS DATE) - w.finished > :accept_days;
