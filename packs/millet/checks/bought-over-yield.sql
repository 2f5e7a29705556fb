-- check: bought-over-yield
-- title: 交售超过土地产量 | More sold than the land yields
-- level: orange
-- subject: person
-- key: subject, year
-- needs: millet_growers, millet_purchases
-- opens: worklist
-- ledger: millet
-- owner: 市场监管局
-- due: 60 days
-- basis: 《食品安全法》第四十二条;沁州黄小米协会经营规则 | Food Safety Law, article 42; the association's rules
-- message: {name} {year} 年种植 {mu} 亩,交售 {kg} 公斤,最多可产 {most} 公斤 | {name} grew {mu} mu in {year} and sold {kg} kg; the land yields {most} at most
-- public: year, mu, kg, most
SELECT g.person AS subject, g.year, g.grower_rows, p.purchase_rows, g.name, g.mu, p.kg, CAST(g.mu * :yield_mu AS DECIMAL(14,1)) AS most
FROM (SELECT person, year, list(_row) AS grower_rows, min(name) AS name, sum(mu) AS mu FROM millet_growers GROUP BY person, year) g
JOIN (SELECT person, year, list(_row) AS purchase_rows, sum(kg) AS kg FROM millet_purchases GROUP BY person, year) p
  ON p.person = g.person AND p.year = g.year
WHERE p.kg > g.mu * :yield_mu * (1 + :balance_tolerance);
