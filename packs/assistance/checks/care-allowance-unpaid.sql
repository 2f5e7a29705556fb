-- check: care-allowance-unpaid
-- title: 一二级残疾未领护理补贴 | Severely disabled without the care allowance
-- level: yellow
-- subject: person
-- key: subject, month
-- needs: disabled, residents, subsidies
-- absent: subsidies
-- opens: worklist
-- ledger: assistance
-- owner: 民政局
-- due: 30 days
-- basis: 国发〔2015〕52号:残疾等级被评定为一级、二级且需要长期照护的重度残疾人享受护理补贴 | State Council 2015 no. 52: the care allowance is for disabled persons of levels 1 and 2
-- message: {name} 为{grade}残疾,{month} 没有领取重度残疾人护理补贴 | {name} is disabled at level {grade} and was not paid the care allowance for {month}
-- public: month
SELECT g.person AS subject, m.month,
       list(DISTINCT g._row) AS disabled_rows,
       min(g.name) AS name, min(g.level) AS grade
FROM disabled g
JOIN residents r ON r.person = g.person AND r.status = '正常'
CROSS JOIN (SELECT max(month) AS month FROM subsidies WHERE programme = '残疾护理补贴') m
WHERE g.level IN ('一级', '二级')
  AND g.issued < month_start(m.month)
  AND NOT EXISTS (SELECT 1 FROM subsidies p
                  WHERE p.person = g.person AND p.programme = '残疾护理补贴' AND p.month = m.month)
  AND NOT EXISTS (SELECT 1 FROM deaths d WHERE d.person = g.person)
GROUP BY g.person, m.month;
