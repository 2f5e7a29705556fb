-- check: poverty-household-size
-- title: 建档立卡户填报人数与名册人数不一致 | Persons stated and persons listed of a poor household differ
-- level: yellow
-- subject: household
-- key: year, household_no
-- needs: poverty_list
-- opens: worklist
-- ledger: population
-- owner: 扶贫办
-- due: 30 days
-- basis: 扶贫对象数据质量规则“人数不一致”:填写人口数应等于家庭成员条数 | Data quality rule of the poverty register: the number stated is the number of members
-- message: {year} 年名册中户编号 {household_no} 填报 {stated} 人,实有 {listed} 人 | {year}: household {household_no} states {stated} persons and lists {listed}
-- public: year, stated, listed
SELECT min(p.household) AS subject, p._period AS year, p.household_no,
       list(p._row) AS poverty_rows,
       max(p.household_size) AS stated,
       count(*) AS listed
FROM poverty_list p
WHERE p.household_size IS NOT NULL
GROUP BY p._period, p.household_no
HAVING max(p.household_size) <> count(*);
