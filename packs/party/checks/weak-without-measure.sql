-- check: weak-without-measure
-- title: 软弱涣散没有整顿措施 | Weak and nothing done
-- level: orange
-- subject: division
-- key: subject, year
-- needs: party_orgs
-- opens: worklist
-- ledger: party
-- owner: 组织部
-- due: 60 days
-- basis: 《中国共产党农村基层组织工作条例》 | Regulations on rural party organisations
-- message: {village_name} {year} 年认定为软弱涣散,没有整顿措施 | {village_name}, found weak in {year}, has no measure
-- public: village_name, year
SELECT o.village AS subject, o.year, o._row AS org_row, o.village_name
FROM party_orgs o
WHERE o.measure IS NULL;
