-- check: member-not-detached
-- title: 驻村期间没有脱离原岗位 | Not detached from the old job
-- level: yellow
-- subject: person
-- key: subject
-- needs: team_members
-- opens: worklist
-- ledger: teams
-- owner: 组织部
-- due: 60 days
-- basis: 《关于加强贫困村驻村工作队选派管理工作的指导意见》 | Guidance on village teams (2017)
-- message: {name}({village})没有脱离原岗位 | {name} of the team of {village} is not detached from the old job
-- public: village
SELECT m.person AS subject, list(m._row) AS member_rows, min(m.name) AS name, min(m.village_name) AS village
FROM team_members m
WHERE m.until IS NULL AND NOT m.detached
GROUP BY m.person;
