-- check: household-with-two-heads
-- title: 一户有两个户主 | Household with two heads
-- level: yellow
-- subject: household
-- key: household_no
-- needs: residents
-- opens: worklist
-- ledger: population
-- owner: 公安局
-- due: 30 days
-- basis: 《户口登记条例》第五条:户口登记以户为单位,每户立户主一人 | Household Registration Regulations, article 5: each household has one head
-- message: 户号 {household_no} 登记了 {heads} 个户主:{name}、{other_name} | household {household_no} has {heads} heads: {name}, {other_name}
-- public: heads
SELECT min(r.household) AS subject, r.household_no,
       list(r._row) AS resident_rows,
       count(*) AS heads,
       min(r.name) AS name, max(r.name) AS other_name
FROM residents r
WHERE r.status = '正常' AND r.relation = '户主'
GROUP BY r.household_no
HAVING count(*) > 1;
