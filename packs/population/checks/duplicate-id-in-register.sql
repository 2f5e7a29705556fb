-- check: duplicate-id-in-register
-- title: 人口底册中一号多人 | One ID number on several residents
-- level: orange
-- subject: register
-- key: subject
-- needs: residents
-- opens: worklist
-- ledger: population
-- owner: 公安局
-- due: 30 days
-- basis: 《居民身份证法》第三条:公民身份号码是每个公民唯一的、终身不变的身份代码 | Resident Identity Card Law, article 3: the number is unique to one citizen for life
-- message: {name} 和 {other_name} 在人口底册中使用同一身份号码,姓名和出生日期都不同,共 {people} 人 | {name} and {other_name} share one ID number with different names and birth dates ({people} persons)
-- public: people
SELECT min(r._key) AS subject,
       list(r._row) AS resident_rows,
       min(r.name) AS name, max(r.name) AS other_name,
       count(DISTINCT r.birth) AS people
FROM residents r
WHERE r.id IS NOT NULL AND r.status = '正常'
GROUP BY r.id
HAVING count(DISTINCT regexp_replace(r.name, '[ 　]|[（(].*$', '', 'g')) > 1 AND count(DISTINCT r.birth) > 1;
