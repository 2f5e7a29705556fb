-- check: struck-and-still-dangerous
-- title: 住房问题已销号而危房仍在 | Struck off and the house is still dangerous
-- level: red
-- subject: person
-- key: subject
-- needs: zero_items, housing_appraisals
-- opens: worklist
-- ledger: zeroing
-- owner: 扶贫办
-- due: 60 days
-- basis: 以危房改造、搬迁名册复核 | tested against rebuilding and relocation
-- message: {name} 的住房问题于 {struck} 销号,住房仍为 {grade} 级,没有改造和搬迁 | the housing problem of {name} was struck off on {struck}; the house is still of grade {grade}
-- public: struck, grade
SELECT z.person AS subject, list(DISTINCT z._row) AS item_rows, list(DISTINCT a._row) AS appraisal_rows, min(z.name) AS name, min(z.struck) AS struck, max(a.grade) AS grade
FROM zero_items z
JOIN housing_appraisals a ON a.person = z.person AND a.grade IN ('C', 'D')
WHERE z.kind = '住房' AND z.struck IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM housing_rebuilds b WHERE b.person = z.person AND b.finished >= a.appraised)
  AND NOT EXISTS (SELECT 1 FROM relocated m WHERE m.person = z.person)
GROUP BY z.person;
