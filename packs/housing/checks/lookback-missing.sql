-- check: lookback-missing
-- title: 往年改造户没有回头看 | Rebuilt in earlier years and not looked back at
-- level: yellow
-- subject: person
-- key: subject, plan_year
-- needs: housing_rebuilds, housing_lookbacks
-- absent: housing_lookbacks
-- opens: worklist
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 中央脱贫攻坚专项巡视整改要求:对 2019 年以前的改造户开展“回头看” | Rectification after inspection: houses rebuilt before 2019 are looked back at
-- message: {name} {plan_year} 年改造的住房没有回头看记录 | the house of {name} rebuilt in {plan_year} was not looked back at
-- public: plan_year
SELECT b.person AS subject, b.plan_year, list(b._row) AS rebuild_rows, min(b.name) AS name
FROM housing_rebuilds b
WHERE b.plan_year < 2019
  AND NOT EXISTS (SELECT 1 FROM housing_lookbacks l WHERE l.person = b.person)
GROUP BY b.person, b.plan_year;
