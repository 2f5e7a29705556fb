-- check: signals-and-not-watched
-- title: 多条规则指向而未纳入监测 | Several rules and not watched
-- level: yellow
-- subject: person
-- key: subject
-- needs: monitored, dangerous-not-rebuilt, child-out-of-school, poor-not-insured, care-allowance-unpaid, aged-allowance-unpaid
-- absent: monitored
-- opens: worklist
-- ledger: warning
-- owner: 扶贫办
-- due: 60 days
-- basis: 部门筛查预警:两个以上部门信号 | screening: signals of two departments
-- message: {rules} 条规则指向同一人,未纳入监测 | {rules} rules point at one person who is not watched
-- public: rules
SELECT f.subject, list(DISTINCT f._row) AS found_rows, count(DISTINCT f.rule) AS rules
FROM findings f
WHERE f.subject_kind = 'person'
  AND f.rule IN ('dangerous-not-rebuilt', 'child-out-of-school', 'poor-not-insured', 'care-allowance-unpaid', 'aged-allowance-unpaid')
  AND NOT EXISTS (SELECT 1 FROM monitored m WHERE m.person = f.subject)
GROUP BY f.subject
HAVING count(DISTINCT f.rule) >= :signals;
