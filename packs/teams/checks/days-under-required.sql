-- check: days-under-required
-- title: 驻村天数不足 | Too few days in the village
-- level: yellow
-- subject: person
-- key: subject, month
-- needs: team_days
-- opens: worklist
-- ledger: teams
-- owner: 组织部
-- due: 60 days
-- basis: 各地驻村管理办法:每月驻村不少于 20 天(参数;请假、因公外出扣减) | rules on teams: at least 20 days a month (a parameter; leave and duty elsewhere count)
-- message: {name} {month} 驻村 {days} 天,应不少于 {required} 天 | {name} was in the village {days} days in {month}; {required} are required
-- public: month, days, required
SELECT d.person AS subject, d.month, list(d._row) AS day_rows, min(d.name) AS name, sum(d.days) AS days,
       :days - coalesce(sum(d.leave), 0) - coalesce(sum(d.elsewhere), 0) AS required
FROM team_days d
GROUP BY d.person, d.month
HAVING sum(d.days) < :days - coalesce(sum(d.leave), 0) - coalesce(sum(d.elsewhere), 0);
