-- check: poor-without-certificate
-- title: 建档立卡户没有住房安全认定 | Poor household without a certificate
-- level: yellow
-- subject: household
-- key: household_no
-- needs: poverty_list, housing_certificates
-- absent: housing_certificates
-- opens: worklist
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 建村函〔2019〕200号及脱贫攻坚“三保障”要求:建档立卡户住房安全逐户认定 | Guidelines of 2019: the housing of each poor household is certified
-- message: {year} 年建档立卡户 {household_no}({name} 等 {members} 人)没有住房安全认定 | household {household_no} of the poverty list of {year} ({name} and others, {members}) has no certificate
-- public: year, members
SELECT min(p.household) AS subject, p.household_no, p._period AS year,
       list(p._row) AS poverty_rows,
       coalesce(min(p.name) FILTER (WHERE p.relation = '户主'), min(p.name)) AS name,
       count(*) AS members
FROM poverty_list p
LEFT JOIN (SELECT DISTINCT person FROM housing_certificates) c ON c.person = p.person
WHERE p._period = (SELECT max(l._period) FROM poverty_list l)
GROUP BY p.household_no, p._period
HAVING count(c.person) = 0;
