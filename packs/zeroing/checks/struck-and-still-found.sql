-- check: struck-and-still-found
-- title: 已销号而规则仍发现 | Struck off and still found
-- level: red
-- subject: person
-- key: subject, kind
-- needs: zero_items, dangerous-not-rebuilt, child-out-of-school, poor-not-insured
-- opens: worklist
-- ledger: zeroing
-- owner: 扶贫办
-- due: 60 days
-- basis: 县“十个清零”专项行动方案:以本类规则复核 | the programme: tested by the rules of the kind
-- message: {name} 的{kind}问题于 {struck} 销号,规则仍发现同类疑点 | the problem of {name} ({kind}) was struck off on {struck} and is still found
-- public: kind, struck
SELECT z.person AS subject, z.kind, list(DISTINCT z._row) AS item_rows, list(DISTINCT f._row) AS found_rows, min(z.name) AS name, min(z.struck) AS struck
FROM zero_items z
JOIN findings f ON f.subject = z.person
WHERE z.struck IS NOT NULL AND ((z.kind = '住房' AND f.rule = 'dangerous-not-rebuilt')
    OR (z.kind = '教育' AND f.rule = 'child-out-of-school')
    OR (z.kind = '医疗' AND f.rule = 'poor-not-insured'))
GROUP BY z.person, z.kind;
