-- check: served-over-residents
-- title: 服务人数多于村内老人 | More served than the village has
-- level: yellow
-- subject: register
-- key: subject
-- needs: care_centres, care_months, residents
-- opens: worklist
-- ledger: care
-- owner: 民政局
-- due: 60 days
-- basis: 县老年人日间照料中心运营管理试行办法 | the county's trial measures on day-care centres
-- message: {centre} {month} 服务 {persons} 人,村内六十岁以上 {old} 人 | {centre} served {persons} persons in {month}; {old} villagers are over sixty
-- public: centre, month, persons, old
SELECT m._key AS subject, min(m._row) AS month_row, min(c._row) AS centre_row, min(m.centre) AS centre, min(m.month) AS month, min(m.persons) AS persons, min(o.old) AS old
FROM care_months m
JOIN care_centres c ON c.centre = m.centre
JOIN (SELECT village, count(*) AS old FROM residents
      WHERE status = '正常' AND age_at(coalesce(id_birth(id), birth), CAST(:as_of AS DATE)) >= 60
      GROUP BY village) o ON o.village = c.village
WHERE m.persons > o.old * :served_share
GROUP BY m._key;
