-- check: poor-without-water
-- title: 贫困户没有供水工程 | A poor household outside any scheme
-- level: orange
-- subject: household
-- key: subject
-- needs: poverty_list, water_users
-- absent: water_users
-- opens: worklist
-- ledger: water
-- owner: 水利局
-- due: 60 days
-- basis: “两不愁”:安全饮水逐户认定 | safe water for each household
-- message: 建档立卡户 {household_no} 没有饮水登记 | the listed household {household_no} has no water on record
-- public: household_no
SELECT min(p.household) AS subject, list(p._row) AS poverty_rows, p.household_no
FROM poverty_list p
LEFT JOIN water_users w ON w.person = p.person
WHERE p._period = (SELECT max(l._period) FROM poverty_list l)
GROUP BY p.household_no
HAVING count(w._row) = 0;
