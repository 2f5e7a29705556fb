-- check: line-without-run
-- title: 班线一周没有开行 | A line without a run for a week
-- level: orange
-- subject: register
-- key: subject
-- needs: bus_services, bus_runs
-- absent: bus_runs
-- opens: worklist
-- ledger: bus
-- owner: 交通局
-- due: 60 days
-- basis: 《农村客运运营》:班线按许可开行;预约村按设计可以无班次 | lines run as licensed; on-demand villages have none by design
-- message: {route} 自 {last} 起没有开行 | {route} has not run since {last}
-- public: route, last
SELECT min(s._key) AS subject, list(DISTINCT s._row) AS service_rows, s.route,
       coalesce(CAST(max(r.run_date) AS VARCHAR), '无记录') AS last
FROM bus_services s
LEFT JOIN bus_runs r ON r.route = s.route AND r.ran
WHERE s.kind = '班线' AND s.route IS NOT NULL
GROUP BY s.route
HAVING max(r.run_date) IS NULL OR (SELECT max(n.run_date) FROM bus_runs n) - max(r.run_date) >= :run_days;
