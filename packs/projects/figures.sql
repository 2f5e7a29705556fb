-- figure: idle.total
-- title: 盘活闲置或停产项目 | Idle projects revived
-- definition: 台账中是否盘活为“是”的项目 | projects that were idle and were revived
-- value: count(*)
-- unit: 个
-- of: fund_projects
SELECT p.project, p._row AS project_row
FROM fund_projects p
WHERE p.revived;

-- figure: idle.running
-- title: 盘活项目全部正常运营 | Every revived project is at work
-- definition: 盘活项目中运行状态不是正常运营,或登记运营而无用电、销售、租金的(没有例外,说法才成立) | revived projects that are not at work, or say so without power, sales or rent; the claim holds where there is none
-- value: exceptions
-- unit: 个
-- of: fund_projects
SELECT p.project, min(p._row) AS project_row, list(u._row) AS use_rows
FROM fund_projects p
LEFT JOIN project_use u ON u.project_no = p.project_no
WHERE p.revived
GROUP BY p.project_no, p.project, p.status
HAVING p.status <> '运营'
    OR (count(u._row) > 0 AND sum(coalesce(u.kwh, 0)) < 10 * count(u._row) AND sum(coalesce(u.sales, 0)) = 0 AND sum(coalesce(u.rent, 0)) = 0);

-- figure: idle.benefit
-- title: 盘活项目已产生经济效益 | Revived projects that pay
-- definition: 盘活项目中是否产生效益为“是”的 | revived projects that pay
-- value: count(*)
-- unit: 个
-- of: fund_projects
SELECT p.project, p._row AS project_row
FROM fund_projects p
WHERE p.revived AND p.pays;

-- figure: mushroom.trip
-- title: 双孢菇种植户外出参观 | Mushroom growers who travelled
-- definition: 双孢菇外出参观学习的参加人,一人只计一次 | persons listed for the trip of mushroom growers, each once
-- value: count(*)
-- unit: 名
-- of: trainings
SELECT t.person, list(t._row) AS training_rows
FROM trainings t
WHERE t.course LIKE '%双孢菇%参观%'
GROUP BY t.person;

-- figure: tour.count
-- title: 旅游项目 | Tourism projects
-- definition: 类别为乡村旅游的项目 | projects of tourism
-- value: count(*)
-- unit: 个
-- of: fund_projects
SELECT p.project, p._row AS project_row
FROM fund_projects p
WHERE p.kind = '旅游';

-- figure: tour.projects
-- title: 旅游项目全部具备接待能力 | Every tourism project receives guests
-- definition: 旅游项目中不具备接待能力的(没有例外,说法才成立) | tourism projects that cannot receive guests; the claim holds where there is none
-- value: exceptions
-- unit: 个
-- of: fund_projects
SELECT p.project, p._row AS project_row
FROM fund_projects p
WHERE p.kind = '旅游' AND NOT coalesce(p.receives, false);
