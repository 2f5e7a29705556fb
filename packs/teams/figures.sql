-- figure: team.villages
-- title: 派驻村 | Posted villages
-- definition: 派驻村名单中的村 | villages of the list
-- value: count(*)
-- unit: 个
-- of: posting_list
SELECT p.village_name, p._row AS posting_row
FROM posting_list p;

-- figure: team.trained
-- title: 集中培训的扶贫干部 | Cadres trained
-- definition: 集中培训名册中的人,一人只计一次;按整千报“余” | persons of the trainings, each once; printed by the thousand
-- value: count(*)
-- unit: 名
-- kind: bound
-- step: 1000
-- of: cadre_trainings
SELECT t.person, min(t._row) AS training_row
FROM cadre_trainings t
GROUP BY t.person;

-- figure: team.first_sec
-- title: 调整的第一书记 | First secretaries replaced
-- definition: 有离任日期和接替人的第一书记 | first secretaries who left and were followed
-- value: count(*)
-- unit: 名
-- of: team_members
SELECT m.person, m._row AS member_row
FROM team_members m
WHERE m.post = '第一书记' AND m.until IS NOT NULL AND m.successor IS NOT NULL;

-- figure: team.members
-- title: 调整的工作队队员 | Members replaced
-- definition: 有离任日期和接替人的队员,不含第一书记 | members other than first secretaries who left and were followed
-- value: count(*)
-- unit: 名
-- of: team_members
SELECT m.person, m._row AS member_row
FROM team_members m
WHERE m.post <> '第一书记' AND m.until IS NOT NULL AND m.successor IS NOT NULL;

-- figure: team.one_team
-- title: 一村一队 | One team a village
-- definition: 有队员而不在派驻名单,或在名单而没有队员的村(没有例外,说法才成立) | posted villages without members; the claim holds where there is none
-- value: exceptions
-- unit: 村
-- of: posting_list, team_members
SELECT p.village_name, p._row AS posting_row
FROM posting_list p
WHERE NOT EXISTS (SELECT 1 FROM team_members m WHERE m.village = p.village AND m.until IS NULL);

-- figure: team.three
-- title: 一队三人 | Three a team
-- definition: 在岗队员不足三人的派驻村(没有例外,说法才成立) | posted villages with fewer than three; the claim holds where there is none
-- value: exceptions
-- unit: 村
-- of: posting_list, team_members
SELECT p.village_name, min(p._row) AS posting_row, list(m._row) AS member_rows
FROM posting_list p
LEFT JOIN team_members m ON m.village = p.village AND m.until IS NULL
GROUP BY p.village, p.village_name
HAVING count(DISTINCT m.person) BETWEEN 1 AND 2;

-- figure: team.all_three
-- title: 全部达到一村一队、一队三人 | Every village has its team of three
-- definition: 没有队员或不足三人的派驻村(没有例外,说法才成立) | posted villages with no team or fewer than three; the claim holds where there is none
-- value: exceptions
-- unit: 村
-- of: posting_list, team_members
SELECT p.village_name, min(p._row) AS posting_row, list(m._row) AS member_rows
FROM posting_list p
LEFT JOIN team_members m ON m.village = p.village AND m.until IS NULL
GROUP BY p.village, p.village_name
HAVING count(DISTINCT m.person) < 3;
