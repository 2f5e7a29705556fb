-- check: lookback-unsafe
-- title: 回头看不安全后没有复核 | Found unsafe and not seen safe since
-- level: red
-- subject: person
-- key: subject
-- needs: housing_lookbacks
-- opens: issue
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 建村函〔2019〕200号:不安全的住房应整改到位并复核 | Guidelines of 2019: unsafe houses are mended and seen again
-- message: {name} 的住房于 {visited} 回头看不安全,此后没有安全的复核记录 | the house of {name} was found unsafe on {visited} and not seen safe since
-- public: visited
SELECT l.person AS subject, list(l._row) AS lookback_rows,
       min(l.name) AS name, max(l.visited) AS visited
FROM housing_lookbacks l
WHERE l.result = '不安全'
  AND NOT EXISTS (SELECT 1 FROM housing_lookbacks s
                  WHERE s.person = l.person AND s.result = '安全' AND s.visited > l.visited)
GROUP BY l.person;
