-- check: dead-on-poverty-list
-- title: 已死亡人员仍在建档立卡名册 | Dead, yet on the poverty list
-- level: orange
-- subject: person
-- key: subject, year
-- needs: poverty_list, deaths
-- opens: worklist
-- ledger: population
-- owner: 扶贫办
-- due: 30 days
-- basis: 扶贫对象动态管理口径:每年动态调整时,死亡人员作自然减少处理 | Dynamic management of the poverty register: the dead leave it in the yearly adjustment
-- message: {name} 已于 {death_date} 死亡,{year} 年底建档立卡名册仍有其人 | {name} died on {death_date} and is still on the poverty list of {year}
-- public: year, death_date
SELECT p.person AS subject, p._period AS year,
       list(DISTINCT p._row) AS poverty_rows,
       list(DISTINCT d._row) AS death_rows,
       min(p.name) AS name,
       max(d.death_date) AS death_date
FROM poverty_list p
JOIN deaths d ON d.person = p.person
GROUP BY p.person, p._period
HAVING CAST(p._period || '-12-31' AS date) - max(d.death_date) > :grace_days;
