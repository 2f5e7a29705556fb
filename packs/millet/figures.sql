-- figure: millet.trace_invest
-- title: 追溯平台投资 | Spent on tracing
-- definition: 政府采购台账中追溯平台的合同金额 | contracts of the tracing platform
-- value: sum(amount)
-- unit: 万元
-- unit_power: 4
-- round: 0
-- of: procurements
SELECT p.amount, p._row AS procurement_row
FROM procurements p
WHERE p.title LIKE '%沁州黄%追溯%';

-- figure: millet.film
-- title: 专题片投资 | Spent on the film
-- definition: 政府采购台账中专题片的合同金额 | contracts of the film
-- value: sum(amount)
-- unit: 万元
-- unit_power: 4
-- round: 0
-- of: procurements
SELECT p.amount, p._row AS procurement_row
FROM procurements p
WHERE p.title LIKE '%沁州黄%专题片%';

-- figure: millet.rules
-- title: 协会规章 | Rules of the association
-- definition: 制度文件登记表中沁州黄小米协会的章程、标准、规则和办法 | documents of the association
-- value: count(*)
-- unit: 项
-- of: documents
SELECT d.title, d._row AS document_row
FROM documents d
WHERE d.issuer LIKE '%沁州黄小米协会%';

-- figure: millet.growers
-- title: 签约种植户 | Growers
-- definition: 最近一年种植基地名册中的人 | growers of the newest year
-- value: count(*)
-- unit: 户
-- of: millet_growers
SELECT g.person, min(g._row) AS grower_row
FROM millet_growers g
WHERE g.year = (SELECT max(n.year) FROM millet_growers n)
GROUP BY g.person;

-- figure: millet.area
-- title: 种植面积 | Area
-- definition: 最近一年种植面积之和 | area of the newest year
-- value: sum(mu)
-- unit: 亩
-- round: 0
-- of: millet_growers
SELECT g.mu, g._row AS grower_row
FROM millet_growers g
WHERE g.year = (SELECT max(n.year) FROM millet_growers n);
