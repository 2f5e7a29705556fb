-- check: watched-not-visited
-- title: 监测户没有走访 | A watched household not visited
-- level: yellow
-- subject: person
-- key: subject
-- needs: monitored, monitor_visits
-- absent: monitor_visits
-- opens: worklist
-- ledger: warning
-- owner: 扶贫办
-- due: 60 days
-- basis: 《关于建立防止返贫监测和帮扶机制的指导意见》(国开发〔2020〕6号) | Guidance on monitoring and help (2020)
-- message: {name} 最近一次走访:{last} | {name} was last visited: {last}
-- public: last
SELECT m.person AS subject, list(DISTINCT m._row) AS monitored_rows, min(m.name) AS name, coalesce(CAST(max(v.visited) AS VARCHAR), '无记录') AS last
FROM monitored m
LEFT JOIN monitor_visits v ON v.person = m.person
WHERE m.ended IS NULL
GROUP BY m.person
HAVING CAST(:as_of AS DATE) - coalesce(max(v.visited), min(m.found)) > :visit_days;
