-- figure: party.weak2019
-- title: 2019 年度软弱涣散党组织 | Weak organisations of 2019
-- definition: 2019 年度认定、已巩固提升的党组织 | found weak in 2019 and strengthened
-- value: count(*)
-- unit: 个
-- of: party_orgs
SELECT o.village_name, o._row AS org_row
FROM party_orgs o
WHERE o.year = 2019 AND o.result = '达标';

-- figure: party.weak_new
-- title: 新整顿党组织 | Organisations newly taken up
-- definition: 最近年度认定、正在整顿的党组织 | organisations of the newest year that are being strengthened
-- value: count(*)
-- unit: 个
-- of: party_orgs
SELECT o.village_name, o._row AS org_row
FROM party_orgs o
WHERE o.year = (SELECT max(n.year) FROM party_orgs n) AND o.result = '整顿中';

-- figure: party.cadres
-- title: 选派到村任职干部 | Cadres posted
-- definition: 选派名册中的人,一人只计一次 | persons of the register of postings, each once
-- value: count(*)
-- unit: 名
-- of: cadres_posted
SELECT p.person, list(p._row) AS posted_rows
FROM cadres_posted p
GROUP BY p.person;

-- figure: party.degree
-- title: 学历提升的农村干部 | Cadres at school
-- definition: 学历提升名册中的人,一人只计一次 | persons of the register of schooling, each once
-- value: count(*)
-- unit: 名
-- of: cadre_schooling
SELECT s.person, list(s._row) AS school_rows
FROM cadre_schooling s
GROUP BY s.person;
