-- check: team-too-small
-- title: 派驻村没有工作队或不足三人 | A posted village without a full team
-- level: orange
-- subject: division
-- key: subject
-- needs: posting_list, team_members
-- absent: team_members
-- opens: worklist
-- ledger: teams
-- owner: 组织部
-- due: 60 days
-- basis: 《关于加强贫困村驻村工作队选派管理工作的指导意见》 | Guidance on village teams (2017)
-- message: {village_name} 在派驻名单,现有队员 {members} 人 | {village_name} is to have a team and has {members} members
-- public: village_name, members
SELECT p.village AS subject, min(p._row) AS posting_row, list(m._row) AS member_rows, min(p.village_name) AS village_name, count(DISTINCT m.person) AS members
FROM posting_list p
LEFT JOIN team_members m ON m.village = p.village AND m.until IS NULL
GROUP BY p.village
HAVING count(DISTINCT m.person) < :team_size;
