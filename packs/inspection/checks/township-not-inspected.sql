-- check: township-not-inspected
-- title: 乡镇一年没有检查 | A township that nobody inspected
-- level: yellow
-- subject: division
-- key: subject
-- needs: inspections
-- absent: inspections
-- opens: worklist
-- ledger: inspection
-- owner: 纪委监委
-- due: 60 days
-- basis: 县监督检查计划 | the county's plan of inspections
-- message: {town} 近一年没有监督检查记录 | nobody inspected {town} within a year
-- public: town
SELECT t.code AS subject, t.name AS town, list(i._row) AS visit_rows
FROM divisions t
LEFT JOIN divisions v ON v.parent = t.code
LEFT JOIN inspections i ON i.village = v.code
WHERE t.level = 'township' AND (t.name LIKE '%镇' OR t.name LIKE '%乡')
GROUP BY t.code, t.name
HAVING max(i.visited) IS NULL OR CAST(:as_of AS DATE) - max(i.visited) >= 365;
