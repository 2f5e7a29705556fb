-- check: event-not-handled
-- title: 突发事件没有处置 | An event nobody handled
-- level: orange
-- subject: person
-- key: subject, happened
-- needs: household_events
-- opens: worklist
-- ledger: warning
-- owner: 扶贫办
-- due: 60 days
-- basis: 《关于建立防止返贫监测和帮扶机制的指导意见》(国开发〔2020〕6号) | Guidance on monitoring and help (2020)
-- message: {name} {happened} {kind},自付 {cost} 元,没有处置 | {name}: {kind} on {happened}, own cost {cost} yuan, not handled
-- public: happened, cost
SELECT e.person AS subject, e.happened, list(e._row) AS event_rows, min(e.name) AS name, min(e.kind) AS kind, max(coalesce(e.own_cost, 0)) AS cost
FROM household_events e
WHERE e.handled IS NULL AND CAST(:as_of AS DATE) - e.happened > :measure_days
GROUP BY e.person, e.happened;
