-- check: dangerous-house-not-in-zeroing
-- title: 危房户没有列入清零台账 | A dangerous house that the ledger lacks
-- level: yellow
-- subject: person
-- key: subject
-- needs: housing_appraisals, zero_items, poverty_list
-- absent: zero_items
-- opens: worklist
-- ledger: zeroing
-- owner: 扶贫办
-- due: 60 days
-- basis: 县“十个清零”专项行动方案:应列尽列 | the programme: everything found is listed
-- message: {name} 的住房 {appraised} 鉴定为 {grade} 级,没有改造搬迁,也不在清零台账 | the house of {name} was graded {grade} on {appraised}; it is neither mended nor in the ledger
-- public: grade, appraised
SELECT a.person AS subject, list(DISTINCT a._row) AS appraisal_rows, min(a.name) AS name, max(a.grade) AS grade, min(a.appraised) AS appraised
FROM housing_appraisals a
WHERE a.grade IN ('C', 'D')
  AND EXISTS (SELECT 1 FROM poverty_list p WHERE p.person = a.person)
  AND NOT EXISTS (SELECT 1 FROM zero_items z WHERE z.person = a.person AND z.kind = '住房')
  AND NOT EXISTS (SELECT 1 FROM housing_rebuilds b WHERE b.person = a.person AND b.finished >= a.appraised)
  AND NOT EXISTS (SELECT 1 FROM relocated m WHERE m.person = a.person)
GROUP BY a.person;
