-- check: member-in-two-teams
-- title: 一人同时在两个工作队 | One person in two teams
-- level: orange
-- subject: person
-- key: subject
-- needs: team_members
-- opens: worklist
-- ledger: teams
-- owner: 组织部
-- due: 60 days
-- basis: 《关于加强贫困村驻村工作队选派管理工作的指导意见》 | Guidance on village teams (2017)
-- message: {name} 同时在 {villages} 驻村 | {name} is in the teams of {villages}
-- public: villages
SELECT m.person AS subject, list(m._row) AS member_rows, min(m.name) AS name, string_agg(DISTINCT m.village_name, '、' ORDER BY m.village_name) AS villages
FROM team_members m
WHERE m.until IS NULL
GROUP BY m.person
HAVING count(DISTINCT m.village) > 1;
