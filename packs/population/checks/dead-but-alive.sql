-- check: dead-but-alive
-- title: 已死亡人员在人口底册中仍为正常 | Dead, yet present in the residents' register
-- level: orange
-- subject: person
-- key: subject
-- needs: residents, deaths
-- opens: worklist
-- ledger: population
-- owner: 公安局
-- due: 30 days
-- basis: 《户口登记条例》第八条:公民死亡,城市在葬前,农村在一个月以内,应当申报死亡登记,注销户口 | Household Registration Regulations, article 8: a death is registered within a month in the countryside
-- message: {name} 已于 {death_date} 死亡({sources}),人口底册仍登记为正常 | {name} died on {death_date} ({sources}) and is still registered as present
-- public: death_date, sources
SELECT r.person AS subject,
       list(DISTINCT r._row) AS resident_rows,
       list(DISTINCT d._row) AS death_rows,
       min(r.name) AS name,
       max(d.death_date) AS death_date,
       string_agg(DISTINCT d.source, '、' ORDER BY d.source) AS sources,
       CASE WHEN count(DISTINCT d.source) > 1 THEN 'red' ELSE 'orange' END AS level
FROM residents r
JOIN deaths d ON d.person = r.person
WHERE r.status = '正常'
GROUP BY r.person
HAVING CAST(:as_of AS date) - max(d.death_date) > :grace_days;
