-- check: help-late
-- title: 识别后没有落实帮扶 | Found and not helped
-- level: orange
-- subject: person
-- key: subject
-- needs: monitored
-- opens: issue
-- ledger: warning
-- owner: 扶贫办
-- due: 60 days
-- basis: 《关于建立防止返贫监测和帮扶机制的指导意见》(国开发〔2020〕6号) | Guidance on monitoring and help (2020)
-- message: {name} 于 {found} 识别为{kind}户,没有帮扶措施 | {name}, found {kind} on {found}, has no help yet
-- public: found, kind
SELECT m.person AS subject, list(m._row) AS monitored_rows, min(m.name) AS name, min(m.found) AS found, min(m.kind) AS kind
FROM monitored m
WHERE m.helped IS NULL AND m.ended IS NULL AND CAST(:as_of AS DATE) - m.found > :measure_days
GROUP BY m.person;
