-- check: reclaimed-not-accepted
-- title: 旧房拆除后没有复垦验收 | Demolished and the land not accepted
-- level: yellow
-- subject: person
-- key: subject
-- needs: old_houses
-- opens: worklist
-- ledger: relocation
-- owner: 自然资源局
-- due: 60 days
-- basis: 《土地复垦条例》第二十八条:复垦后申请验收 | Regulations on reclamation, article 28: acceptance
-- message: {name} 旧房 {demolished} 拆除,复垦没有验收 | the old house of {name} went on {demolished}; the land was not accepted
-- public: demolished
SELECT h.person AS subject, list(h._row) AS house_rows, min(h.name) AS name, min(h.demolished) AS demolished
FROM old_houses h
WHERE h.accepted IS NULL AND CAST(:as_of AS DATE) - h.demolished > :reclaim_days
GROUP BY h.person;
