-- check: found-and-not-listed
-- title: 规则发现而台账没有 | Found by a rule and not in the ledger
-- level: yellow
-- subject: person
-- key: subject, rule
-- needs: zero_items, dangerous-not-rebuilt, child-out-of-school, poor-not-insured
-- absent: zero_items
-- opens: worklist
-- ledger: zeroing
-- owner: 扶贫办
-- due: 60 days
-- basis: 县“十个清零”专项行动方案:应列尽列 | the programme: everything found is listed
-- message: 规则 {rule} 发现的一户不在清零台账 | a household that the rule {rule} found is not in the ledger
-- public: rule
SELECT f.subject, f.rule, list(DISTINCT f._row) AS found_rows
FROM findings f
WHERE f.rule IN ('dangerous-not-rebuilt', 'child-out-of-school', 'poor-not-insured') AND f.subject_kind = 'person'
  AND NOT EXISTS (SELECT 1 FROM zero_items z WHERE z.person = f.subject AND ((z.kind = '住房' AND f.rule = 'dangerous-not-rebuilt')
    OR (z.kind = '教育' AND f.rule = 'child-out-of-school')
    OR (z.kind = '医疗' AND f.rule = 'poor-not-insured')))
GROUP BY f.subject, f.rule;
