-- check: line-reached-by-grants
-- title: 靠补助达标 | The line reached by grants alone
-- level: yellow
-- subject: division
-- key: subject, year
-- needs: collective_income
-- opens: worklist
-- ledger: collective
-- owner: 农业农村局
-- due: 60 days
-- basis: 集体经济口径:经营性收入,不含补助 | the measure: income from business, without grants
-- message: {village_name} {year} 年总收入 {total} 元,其中补助 {grants} 元,经营性收入 {income} 元 | {village_name} had {total} yuan in {year}, of which {grants} were grants and {income} were earned
-- public: village_name, year, total, grants, income
SELECT c.village AS subject, c.year, c._row AS income_row, c.village_name, c.grants,
       c.business + coalesce(c.rents, 0) + coalesce(c.returns, 0) AS income,
       c.business + coalesce(c.rents, 0) + coalesce(c.returns, 0) + c.grants + coalesce(c.other, 0) AS total
FROM collective_income c
WHERE c.grants > 0 AND c.business + coalesce(c.rents, 0) + coalesce(c.returns, 0) < :line
  AND c.business + coalesce(c.rents, 0) + coalesce(c.returns, 0) + c.grants + coalesce(c.other, 0) >= :line;
