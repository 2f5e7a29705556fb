-- check: subsidy-without-run
-- title: 补贴班次多于实际开行 | More runs paid than happened
-- level: orange
-- subject: register
-- key: subject, month
-- needs: bus_subsidies, bus_runs
-- opens: worklist
-- ledger: bus
-- owner: 交通局
-- due: 60 days
-- basis: 《财政违法行为处罚处分条例》第六条:虚报冒领 | Regulations on fiscal violations, article 6
-- message: {route} {month} 补贴 {paid} 班,有定位轨迹的开行 {ran} 班 | {route} in {month}: {paid} runs paid, {ran} runs with a track
-- public: route, month, paid, ran
SELECT s._key AS subject, s.month, s._row AS subsidy_row, s.route, s.paid_runs AS paid, coalesce(r.ran, 0) AS ran
FROM bus_subsidies s
LEFT JOIN (SELECT route, to_char(run_date, 'YYYY-MM') AS month, count(*) AS ran
           FROM bus_runs WHERE ran AND gps GROUP BY route, to_char(run_date, 'YYYY-MM')) r
       ON r.route = s.route AND r.month = s.month
WHERE s.paid_runs > coalesce(r.ran, 0);
