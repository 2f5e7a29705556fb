-- check: old-house-stands
-- title: 入住后旧房没有拆除 | Moved in and the old house stands
-- level: yellow
-- subject: person
-- key: subject
-- needs: relocated, old_houses
-- absent: old_houses
-- opens: worklist
-- ledger: relocation
-- owner: 自然资源局
-- due: 60 days
-- basis: 《土地管理法》第六十二条:一户一宅;搬迁须拆旧复垦 | Land Law, article 62: one household, one house
-- message: {name} 于 {moved} 入住{project},旧房没有拆除记录 | {name} moved to {project} on {moved}; the old house is not recorded as demolished
-- public: project, moved
SELECT m.person AS subject, list(DISTINCT m._row) AS relocated_rows, list(DISTINCT h._row) AS house_rows,
       min(m.name) AS name, min(m.project) AS project, min(m.moved) AS moved
FROM relocated m
LEFT JOIN old_houses h ON h.person = m.person
WHERE CAST(:as_of AS DATE) - m.moved > :demolish_days
GROUP BY m.person
HAVING count(h.demolished) = 0;
