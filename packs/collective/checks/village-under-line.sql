-- check: village-under-line
-- title: 集体收入低于底线 | A village under the line
-- level: yellow
-- subject: division
-- key: subject, year
-- needs: collective_income
-- opens: worklist
-- ledger: collective
-- owner: 农业农村局
-- due: 60 days
-- basis: 县发展壮大村级集体经济改革举措 | the county's measures on the village economy
-- message: {village_name} {year} 年经营、发包、投资收入 {income} 元,低于 {line} 元 | {village_name} earned {income} yuan in {year}, under {line}
-- public: village_name, year, income, line
SELECT c.village AS subject, c.year, c._row AS income_row, c.village_name, c.business + coalesce(c.rents, 0) + coalesce(c.returns, 0) AS income, :line AS line
FROM collective_income c
WHERE c.year = (SELECT max(n.year) FROM collective_income n)
  AND c.business + coalesce(c.rents, 0) + coalesce(c.returns, 0) < :line;
