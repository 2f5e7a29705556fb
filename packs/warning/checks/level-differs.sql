-- check: level-differs
-- title: 登记级别与计算不符 | The level on record differs
-- level: yellow
-- subject: person
-- key: subject
-- needs: monitored
-- opens: worklist
-- ledger: warning
-- owner: 扶贫办
-- due: 60 days
-- basis: 三级预警,县里自定、无出处:低于兜底线为红,低于监测线或刚性支出过高为橙,其余为黄 | three levels, the county's own, unsourced: red under the floor, orange under the line or by rigid spending, else yellow
-- message: {name} 人均收入 {income} 元、刚性支出 {rigid} 元,应为{computed}色,登记为{recorded}色 | {name}: income {income}, rigid spending {rigid} yuan; {computed} by the rule, {recorded} on record
-- public: income, rigid, computed, recorded
SELECT m.person AS subject, list(m._row) AS monitored_rows, min(m.name) AS name, min(m.income) AS income, min(coalesce(m.rigid, 0)) AS rigid,
       min(CASE WHEN m.income < :floor THEN '红' WHEN m.income < :line OR coalesce(m.rigid, 0) > m.income * :rigid_share THEN '橙' ELSE '黄' END) AS computed,
       min(m.level) AS recorded
FROM monitored m
WHERE m.ended IS NULL
  AND m.level <> CASE WHEN m.income < :floor THEN '红' WHEN m.income < :line OR coalesce(m.rigid, 0) > m.income * :rigid_share THEN '橙' ELSE '黄' END
GROUP BY m.person;
