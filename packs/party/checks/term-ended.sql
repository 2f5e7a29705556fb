-- check: term-ended
-- title: 任期届满没有换届 | A term that has ended
-- level: yellow
-- subject: division
-- key: subject
-- needs: secretaries
-- opens: worklist
-- ledger: party
-- owner: 组织部
-- due: 60 days
-- basis: 村“两委”任期五年(2018 年起) | a term of five years since 2018
-- message: {village_name} 书记 {elected} 任职,任期已满 | the term of the secretary of {village_name}, since {elected}, has ended
-- public: village_name, elected
SELECT s.village AS subject, s._row AS secretary_row, s.village_name, s.elected
FROM secretaries s
WHERE s.elected IS NOT NULL AND CAST(:as_of AS DATE) - s.elected > 366 * :term_years;
