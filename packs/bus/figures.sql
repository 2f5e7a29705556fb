-- figure: bus.subsidy
-- title: 偏远线路运营补贴 | Subsidies of remote lines
-- definition: 补贴台账各月金额之和 | sum of the subsidies over all months
-- value: sum(amount)
-- unit: 万元
-- unit_power: 4
-- round: 0
-- of: bus_subsidies
SELECT s.amount, s._row AS subsidy_row
FROM bus_subsidies s;

-- figure: bus.coverage
-- title: 村村通客车 | Every village has a bus
-- definition: 既没有班线也没有预约服务的建制村(没有例外,说法才成立) | villages with neither a line nor an on-demand bus; the claim holds where there is none
-- value: exceptions
-- unit: 村
-- of: bus_services
SELECT d.code, d.name, min(s._row) AS service_row
FROM divisions d
LEFT JOIN bus_services s ON s.village = d.code
WHERE d.level = 'village' AND d.name LIKE '%村%'
GROUP BY d.code, d.name
HAVING count(CASE WHEN s.kind IN ('班线', '预约') THEN 1 END) = 0;
