-- check: invalid-id
-- title: 身份号码不符合校验规则 | ID number fails its own check
-- level: yellow
-- subject: register
-- key: subject, year
-- needs: residents
-- opens: worklist
-- ledger: population
-- owner: 公安局
-- due: 30 days
-- basis: GB 11643-1999《公民身份号码》:18 位,末位按 ISO 7064 MOD 11-2 校验 | GB 11643-1999: 18 characters, the last one a check character
-- message: {register_title}中 {name} 的身份号码位数、出生日期或校验位不对,请核对后更正 | {register_title}: the ID number of {name} has a wrong length, birthday or check character
-- public: register_title, year
SELECT r._key AS subject, '' AS year,
       list(r._row) AS resident_rows, min(r.name) AS name, '人口底册' AS register_title
FROM residents r
-- Disabled persons' numbers of 20 or 22 characters start with a valid ID number and are let through.
WHERE r.id IS NULL AND r.id_raw IS NOT NULL
  AND NOT (length(r.id_raw) IN (20, 22) AND id_is_valid(substr(r.id_raw, 1, 18)))
-- Two townships may list one resident: one finding.
GROUP BY r._key
UNION ALL
SELECT p._key, p._period,
       list(p._row), min(p.name), '建档立卡名册(' || p._period || ' 年)'
FROM poverty_list p
WHERE p.id IS NULL AND p.id_raw IS NOT NULL
  AND NOT (length(p.id_raw) IN (20, 22) AND id_is_valid(substr(p.id_raw, 1, 18)))
GROUP BY p._key, p._period;
