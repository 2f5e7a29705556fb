-- check: member-not-replaced
-- title: 离任后没有补充 | Left and not replaced
-- level: orange
-- subject: division
-- key: subject, left_on
-- needs: team_members
-- opens: worklist
-- ledger: teams
-- owner: 组织部
-- due: 60 days
-- basis: 《关于加强贫困村驻村工作队选派管理工作的指导意见》 | Guidance on village teams (2017)
-- message: {village_name} 一名队员 {left_on} 离任,没有接替人 | a member left {village_name} on {left_on} and nobody followed
-- public: village_name, left_on
SELECT m.village AS subject, m.until AS left_on, list(m._row) AS member_rows, min(m.village_name) AS village_name
FROM team_members m
WHERE m.until IS NOT NULL AND m.successor IS NULL AND CAST(:as_of AS DATE) - m.until > :fill_days
  AND (SELECT count(*) FROM team_members n WHERE n.village = m.village AND n.until IS NULL) < :team_size
GROUP BY m.village, m.until;
