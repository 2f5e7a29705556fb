-- check: rebuild-dates-out-of-order
-- title: 开工、竣工、验收日期颠倒 | Dates of rebuilding out of order
-- level: yellow
-- subject: person
-- key: subject, plan_year
-- needs: housing_rebuilds
-- opens: worklist
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 危房改造帮扶台账口径:开工不晚于竣工,竣工不晚于验收 | Ledger of rebuilding: started, finished, accepted in this order
-- message: {name} {plan_year} 年改造:开工 {started},竣工 {finished},验收 {accepted} | {name}, {plan_year}: started {started}, finished {finished}, accepted {accepted}
-- public: plan_year, started, finished, accepted
SELECT b.person AS subject, b.plan_year, list(b._row) AS rebuild_rows,
       min(b.name) AS name, min(b.started) AS started, min(b.finished) AS finished, min(b.accepted) AS accepted
FROM housing_rebuilds b
WHERE b.started > b.finished OR b.finished > b.accepted
GROUP BY b.person, b.plan_year;
