-- check: aged-allowance-unpaid
-- title: 符合年龄未领高龄津贴 | Aged without the allowance
-- level: yellow
-- subject: person
-- key: subject, month
-- needs: residents, subsidies
-- absent: subsidies
-- opens: worklist
-- ledger: assistance
-- owner: 民政局
-- due: 30 days
-- basis: 财社〔2014〕113号:对 80 周岁以上老年人发放高龄津贴(年龄见参数) | Notice of 2014 on the allowance for those of 80 and over (the age is a parameter)
-- message: {name} 已 {age} 岁,{month} 没有领取高龄津贴 | {name} is {age} and was not paid the allowance for the aged for {month}
-- public: month, age
SELECT r.person AS subject, m.month,
       list(DISTINCT r._row) AS resident_rows,
       min(r.name) AS name,
       min(age_at(coalesce(id_birth(r.id), r.birth), month_start(m.month))) AS age
FROM residents r
CROSS JOIN (SELECT max(month) AS month FROM subsidies WHERE programme = '高龄津贴') m
WHERE r.status = '正常'
  AND age_at(coalesce(id_birth(r.id), r.birth), month_start(m.month)) >= :aged_from
  AND NOT EXISTS (SELECT 1 FROM subsidies p
                  WHERE p.person = r.person AND p.programme = '高龄津贴' AND p.month = m.month)
  AND NOT EXISTS (SELECT 1 FROM deaths d WHERE d.person = r.person)
GROUP BY r.person, m.month;
