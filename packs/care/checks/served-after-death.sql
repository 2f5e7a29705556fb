-- check: served-after-death
-- title: 服务名单中有已死亡老人 | Served after death
-- level: orange
-- subject: person
-- key: subject, month
-- needs: care_served, deaths
-- opens: worklist
-- ledger: care
-- owner: 民政局
-- due: 60 days
-- basis: 县老年人日间照料中心运营管理试行办法 | the county's trial measures on day-care centres
-- message: {name} 死亡登记为 {died},{month} 仍在{centre}服务名单 | {name}, recorded dead on {died}, is served by {centre} in {month}
-- public: month, centre
SELECT s.person AS subject, s.month, list(DISTINCT s._row) AS served_rows, list(DISTINCT d._row) AS death_rows, min(s.name) AS name, min(d.death_date) AS died, min(s.centre) AS centre
FROM care_served s
JOIN deaths d ON d.person = s.person AND d.death_date < month_start(s.month)
GROUP BY s.person, s.month;
