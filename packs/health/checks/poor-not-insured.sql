-- check: poor-not-insured
-- title: 贫困人口没有参加医保 | A poor person without insurance
-- level: orange
-- subject: person
-- key: subject
-- needs: poverty_list, insured
-- absent: insured
-- opens: worklist
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 贫困人口基本医保、大病保险、医疗救助全覆盖(医保发〔2018〕18号) | full cover of the poor (document 18 of 2018)
-- message: {name} 在 {year} 年建档立卡名册中,没有 {year} 年参保记录 | {name} is on the poverty list of {year} and was not insured that year
-- public: year
SELECT p.person AS subject, list(DISTINCT p._row) AS poverty_rows, min(p.name) AS name, min(p._period) AS year
FROM poverty_list p
WHERE p._period = (SELECT max(l._period) FROM poverty_list l)
  AND EXISTS (SELECT 1 FROM insured y WHERE y._period = p._period)
  AND NOT EXISTS (SELECT 1 FROM insured i WHERE i.person = p.person AND i._period = p._period)
  AND NOT EXISTS (SELECT 1 FROM deaths d WHERE d.person = p.person)
GROUP BY p.person;
