-- check: secretary-over-age
-- title: 书记超过规定年龄 | A secretary over age
-- level: yellow
-- subject: person
-- key: subject
-- needs: secretaries
-- opens: worklist
-- ledger: party
-- owner: 组织部
-- due: 60 days
-- basis: 县里选任条件(参数) | the county's conditions (a parameter)
-- message: {name}({village})已 {age} 岁 | {name}, secretary of {village}, is {age}
-- public: village, age
SELECT s.person AS subject, list(s._row) AS secretary_rows, min(s.name) AS name, min(s.village_name) AS village, min(age_at(id_birth(s.id), CAST(:as_of AS DATE))) AS age
FROM secretaries s
WHERE age_at(id_birth(s.id), CAST(:as_of AS DATE)) > :oldest
GROUP BY s.person;
