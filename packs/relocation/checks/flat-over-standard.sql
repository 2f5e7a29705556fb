-- check: flat-over-standard
-- title: 人均安置面积超标 | A flat larger than allowed
-- level: orange
-- subject: person
-- key: subject
-- needs: relocated, poverty_list
-- opens: worklist
-- ledger: relocation
-- owner: 扶贫办
-- due: 60 days
-- basis: 全国“十三五”易地扶贫搬迁规划:建档立卡搬迁户人均不超过 25 平方米 | National relocation plan: at most 25 square metres a head for listed households
-- message: {name} 户搬迁 {heads} 人,安置面积 {area} 平方米,应不超过 {allowed} | {name}: {heads} persons, {area} square metres, allowed {allowed}
-- public: heads, area, allowed
SELECT m.person AS subject, list(DISTINCT m._row) AS relocated_rows, min(m.name) AS name, max(m.heads) AS heads, max(m.area) AS area,
       CAST(max(m.heads) * :area_head AS DECIMAL(10,2)) AS allowed
FROM relocated m
WHERE EXISTS (SELECT 1 FROM poverty_list p WHERE p.person = m.person)
GROUP BY m.person
HAVING max(m.area) > max(m.heads) * :area_head * (1 + :area_tolerance);
