-- check: village-without-bus
-- title: 建制村没有通客车 | A village without a bus
-- level: orange
-- subject: division
-- key: subject
-- needs: bus_services
-- absent: bus_services
-- opens: worklist
-- ledger: bus
-- owner: 交通局
-- due: 60 days
-- basis: 具备条件的建制村全部通客车 | every village that can be reached has a bus
-- message: {village_name} 没有班线也没有预约通车 | {village_name} has neither a line nor an on-demand bus
-- public: village_name
SELECT d.code AS subject, min(d.name) AS village_name, list(s._row) AS service_rows
FROM divisions d
LEFT JOIN bus_services s ON s.village = d.code
WHERE d.level = 'village' AND d.name LIKE '%村%'
GROUP BY d.code
HAVING count(CASE WHEN s.kind IN ('班线', '预约') THEN 1 END) = 0;
