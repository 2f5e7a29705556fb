-- check: area-over-standard
-- title: 改造面积超标准 | Area over the standard
-- level: yellow
-- subject: person
-- key: subject, plan_year
-- needs: housing_rebuilds
-- opens: worklist
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 农村危房改造农户档案口径:1 至 2 人户不超过 60 平方米,3 人以上户人均不超过 18 平方米(允许 3% 误差) | Files of rebuilt households: 60 square metres for one or two, 18 a head for three and more (3 % tolerance)
-- message: {name} 户 {heads} 人,{plan_year} 年改造面积 {area} 平方米,上限 {allowed} 平方米 | {name}, {heads} persons: {area} square metres in {plan_year}, at most {allowed}
-- public: plan_year, heads, area, allowed
SELECT b.person AS subject, b.plan_year, list(b._row) AS rebuild_rows,
       min(b.name) AS name, max(b.heads) AS heads, max(b.area) AS area,
       CASE WHEN max(b.heads) <= 2 THEN CAST(:area_small AS decimal(8,2))
            ELSE CAST(max(b.heads) * :area_head AS decimal(8,2)) END AS allowed
FROM housing_rebuilds b
WHERE b.heads IS NOT NULL AND b.area IS NOT NULL
GROUP BY b.person, b.plan_year
HAVING max(b.area) > (CASE WHEN max(b.heads) <= 2 THEN :area_small ELSE max(b.heads) * :area_head END) * (1 + :area_tolerance);
