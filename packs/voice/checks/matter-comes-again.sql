-- check: matter-comes-again
-- title: 同一事项反复反映 | One matter again and again
-- level: yellow
-- subject: register
-- key: subject
-- needs: complaints
-- opens: worklist
-- ledger: voice
-- owner: 信访局
-- due: 60 days
-- basis: 《信访工作条例》 | Regulations on petitions (2022)
-- message: 事项 {matter} 反映 {times} 次,最近一次 {last} | {matter} came {times} times, last on {last}
-- public: matter, times, last
SELECT min(c._key) AS subject, list(c._row) AS complaint_rows, c.matter, count(*) AS times, max(c.received) AS last
FROM complaints c
GROUP BY c.matter
HAVING count(*) >= :repeats AND count(CASE WHEN c.satisfied = '满意' THEN 1 END) = 0;
