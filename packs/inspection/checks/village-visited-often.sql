-- check: village-visited-often
-- title: 一年内重复检查 | A village visited too often
-- level: yellow
-- subject: division
-- key: subject
-- needs: inspections
-- opens: worklist
-- ledger: inspection
-- owner: 纪委监委
-- due: 60 days
-- basis: 《关于解决形式主义突出问题为基层减负的通知》 | Notice on relief of the grassroots (2019)
-- message: {village_name} 近一年被检查 {visits} 次 | {village_name} was inspected {visits} times in a year
-- public: village_name, visits
SELECT i.village AS subject, list(i._row) AS visit_rows, min(i.village_name) AS village_name, count(*) AS visits
FROM inspections i
WHERE i.village IS NOT NULL AND CAST(:as_of AS DATE) - i.visited < 365
GROUP BY i.village
HAVING count(*) > :visits_max;
