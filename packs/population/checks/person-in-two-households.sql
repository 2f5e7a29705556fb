-- check: person-in-two-households
-- title: 一人在人口底册中属于两户 | One person in two households
-- level: yellow
-- subject: person
-- key: subject
-- needs: residents
-- opens: worklist
-- ledger: population
-- owner: 公安局
-- due: 30 days
-- basis: 《户口登记条例》第六条:公民应当在经常居住的地方登记为常住人口,一个公民只能在一个地方登记为常住人口 | Household Registration Regulations, article 6: one person is registered in one place
-- message: {name} 同时登记在 {households} 户(户号 {household_no}、{other_no}) | {name} is registered in {households} households ({household_no}, {other_no})
-- public: households
SELECT r.person AS subject,
       list(r._row) AS resident_rows,
       min(r.name) AS name,
       count(DISTINCT r.household_no) AS households,
       min(r.household_no) AS household_no, max(r.household_no) AS other_no
FROM residents r
WHERE r.status = '正常' AND r.person IS NOT NULL
GROUP BY r.person
HAVING count(DISTINCT r.household_no) > 1;
