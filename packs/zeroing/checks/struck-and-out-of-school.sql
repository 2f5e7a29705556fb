-- check: struck-and-out-of-school
-- title: 教育问题已销号而仍失学 | Struck off and still out of school
-- level: red
-- subject: person
-- key: subject
-- needs: zero_items, out_of_school
-- opens: worklist
-- ledger: zeroing
-- owner: 扶贫办
-- due: 60 days
-- basis: 以控辍保学核查台账复核 | tested against the list of children looked for
-- message: {name} 的教育问题于 {struck} 销号,核查仍为失学 | the schooling problem of {name} was struck off on {struck}; the child is still out of school
-- public: struck
SELECT z.person AS subject, list(DISTINCT z._row) AS item_rows, list(DISTINCT o._row) AS child_rows, min(z.name) AS name, min(z.struck) AS struck
FROM zero_items z
JOIN out_of_school o ON o.person = z.person AND o.state = '失学' AND o.returned IS NULL
WHERE z.kind = '教育' AND z.struck IS NOT NULL
GROUP BY z.person;
