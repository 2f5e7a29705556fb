-- check: admissions-cluster
-- title: 同村多人同日同院入院 | Many of one village admitted on one day
-- level: orange
-- subject: register
-- key: subject
-- needs: inpatient_claims
-- opens: worklist
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 《医疗保障基金使用监督管理条例》第四十条:诱导、协助他人冒名或者虚假就医 | Regulations on the fund, article 40: luring into false stays
-- message: {institution} {admitted} 一天收治 {village} {people} 人住院,共 {cost} 元 | {institution} admitted {people} persons of {village} on {admitted}, {cost} yuan together
-- public: institution, admitted, village, people, cost
SELECT min(c._key) AS subject, list(c._row) AS claim_rows, c.institution, c.admitted,
       min(c.village_name) AS village, count(DISTINCT c.person) AS people, sum(c.cost) AS cost
FROM inpatient_claims c
WHERE c.village IS NOT NULL
GROUP BY c.institution, c.admitted, c.village
HAVING count(DISTINCT c.person) >= :cluster_size;
