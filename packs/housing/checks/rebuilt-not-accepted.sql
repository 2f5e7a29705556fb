-- check: rebuilt-not-accepted
-- title: 改造竣工后没有验收 | Rebuilt and not accepted
-- level: yellow
-- subject: person
-- key: subject, plan_year
-- needs: housing_rebuilds
-- opens: worklist
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 《农村危房改造最低建设要求(试行)》(建村〔2013〕104号):竣工后逐户验收 | Minimum requirements (2013): each house is accepted when finished
-- message: {name} {plan_year} 年改造的住房于 {finished} 竣工,至今没有验收 | the house of {name} ({plan_year}) was finished on {finished} and is not accepted
-- public: plan_year, finished
SELECT b.person AS subject, b.plan_year, list(b._row) AS rebuild_rows,
       min(b.name) AS name, max(b.finished) AS finished
FROM housing_rebuilds b
WHERE b.finished IS NOT NULL AND b.accepted IS NULL
  AND CAST(:as_of AS date) - b.finished > :accept_days
GROUP BY b.person, b.plan_year;
