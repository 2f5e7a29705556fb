-- check: aid-invalid-id
-- title: 受助学生身份号码不符合校验规则 | ID number on an aid roster fails its own check
-- level: yellow
-- subject: register
-- key: subject
-- needs: student_aid
-- opens: worklist
-- ledger: student-aid
-- owner: 教育局
-- due: 30 days
-- basis: GB 11643-1999《公民身份号码》:18 位,末位按 ISO 7064 MOD 11-2 校验 | GB 11643-1999: 18 characters, the last one a check character
-- message: {term} 学期{school}受助学生 {name} 的身份号码有误,请核对后更正 | {term}, {school}: the ID number of {name} is wrong
-- public: term, school
SELECT a._key AS subject, list(a._row) AS aid_rows,
       min(a.name) AS name, min(a.term) AS term, min(a.school) AS school
FROM student_aid a
WHERE a.id IS NULL AND a.id_raw IS NOT NULL
GROUP BY a._key;
