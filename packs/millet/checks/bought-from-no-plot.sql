-- check: bought-from-no-plot
-- title: 收购来自没有种植的人 | Bought from somebody without a plot
-- level: yellow
-- subject: person
-- key: subject, year
-- needs: millet_growers, millet_purchases
-- absent: millet_growers
-- opens: worklist
-- ledger: millet
-- owner: 市场监管局
-- due: 60 days
-- basis: 《食品安全法》第四十二条;沁州黄小米协会经营规则 | Food Safety Law, article 42; the association's rules
-- message: {name} {year} 年交售 {kg} 公斤,不在种植基地名册 | {name} sold {kg} kg in {year} and is not in the list of growers
-- public: year, kg
SELECT p.person AS subject, p.year, list(p._row) AS purchase_rows, min(p.name) AS name, sum(p.kg) AS kg
FROM millet_purchases p
WHERE EXISTS (SELECT 1 FROM millet_growers y WHERE y.year = p.year)
  AND NOT EXISTS (SELECT 1 FROM millet_growers g WHERE g.person = p.person AND g.year = p.year)
GROUP BY p.person, p.year;
