-- check: subsidy-after-death
-- title: 死亡后仍发放补贴 | Subsidy paid after death
-- level: orange
-- subject: person
-- key: subject, programme
-- needs: subsidies, deaths
-- remedied_by: subsidy_recoveries
-- opens: issue
-- ledger: assistance
-- owner: 民政局
-- due: 30 days
-- basis: 《社会救助暂行办法》第十三条:家庭成员发生变化的,应当及时决定增发、减发或者停发;各项津贴自死亡次月停发 | Interim Measures for Social Assistance, article 13; allowances end with the month after death
-- message: {name} 于 {death_date} 死亡({sources}),此后仍发放{programme} {months} 个月 {amount} 元 | {name} died on {death_date} ({sources}) and was paid {months} months of {programme}, {amount} yuan
-- public: programme, death_date, sources, months, amount
SELECT p.person AS subject, p.programme,
       list(DISTINCT p._row) AS subsidy_rows,
       d.death_rows,
       min(p.name) AS name,
       d.death_date, d.sources,
       count(DISTINCT p.month) AS months,
       sum(p.amount) AS amount,
       CASE WHEN d.source_count > 1 THEN 'red' ELSE 'orange' END AS level, -- red where two sources agree
       r.recovery_rows AS remedy_rows,
       coalesce(r.recovered, 0) >= sum(p.amount) AS remedied
FROM subsidies p
JOIN (SELECT person, max(death_date) AS death_date, list(_row) AS death_rows,
             count(DISTINCT source) AS source_count,
             string_agg(DISTINCT source, '、' ORDER BY source) AS sources
      FROM deaths WHERE person IS NOT NULL GROUP BY person) d ON d.person = p.person
LEFT JOIN (SELECT person, programme, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM subsidy_recoveries GROUP BY person, programme) r
       ON r.person = p.person AND r.programme = p.programme
WHERE p.result = '成功' AND month_start(p.month) - d.death_date > 31
GROUP BY p.person, p.programme, d.death_rows, d.death_date, d.sources, d.source_count, r.recovery_rows, r.recovered;
