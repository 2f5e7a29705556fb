-- check: household-without-head
-- title: 户内没有户主 | Household without a head
-- level: yellow
-- subject: household
-- key: household_no
-- needs: residents
-- opens: worklist
-- ledger: population
-- owner: 公安局
-- due: 30 days
-- basis: 《户口登记条例》第五条:户口登记以户为单位,每户立户主一人 | Household Registration Regulations, article 5: each household has one head
-- message: 户号 {household_no} 现有 {members} 人,没有户主 | household {household_no} has {members} members and no head
-- public: members
SELECT min(r.household) AS subject, r.household_no,
       list(r._row) AS resident_rows,
       count(*) AS members
FROM residents r
WHERE r.status = '正常'
GROUP BY r.household_no
HAVING count(*) FILTER (WHERE r.relation = '户主') = 0;
