-- check: ended-under-line
-- title: 收入未达标而消除风险 | Ended under the line
-- level: orange
-- subject: person
-- key: subject
-- needs: monitored
-- opens: worklist
-- ledger: warning
-- owner: 扶贫办
-- due: 60 days
-- basis: 《关于建立防止返贫监测和帮扶机制的指导意见》(国开发〔2020〕6号) | Guidance on monitoring and help (2020)
-- message: {name} 于 {ended} 消除风险,当时人均 {income} 元,低于 {line} 元 | {name} was taken off on {ended} with {income} yuan a head, under {line}
-- public: ended, income, line
SELECT m.person AS subject, list(m._row) AS monitored_rows, min(m.name) AS name, min(m.ended) AS ended, min(m.end_income) AS income, :line AS line
FROM monitored m
WHERE m.ended IS NOT NULL AND coalesce(m.end_income, 0) < :line
GROUP BY m.person;
