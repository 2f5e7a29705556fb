-- check: weak-twice-running
-- title: 连续两年软弱涣散 | Weak two years running
-- level: orange
-- subject: division
-- key: subject
-- needs: party_orgs
-- opens: worklist
-- ledger: party
-- owner: 组织部
-- due: 60 days
-- basis: 《中国共产党农村基层组织工作条例》 | Regulations on rural party organisations
-- message: {village_name} {first} 年和 {second} 年连续认定为软弱涣散 | {village_name} was found weak in {first} and {second}
-- public: village_name, first, second
SELECT a.village AS subject, list(a._row) AS first_rows, list(b._row) AS second_rows, min(a.village_name) AS village_name, min(a.year) AS first, max(b.year) AS second
FROM party_orgs a
JOIN party_orgs b ON b.village = a.village AND b.year = a.year + 1
GROUP BY a.village;
