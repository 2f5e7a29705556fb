-- check: birth-or-sex-against-id
-- title: 出生日期或性别与身份号码不符 | Birth date or sex disagrees with the ID number
-- level: yellow
-- subject: register
-- key: subject
-- needs: residents
-- opens: worklist
-- ledger: population
-- owner: 公安局
-- due: 30 days
-- basis: GB 11643-1999《公民身份号码》:第 7 至 14 位为出生日期,第 17 位奇数为男、偶数为女 | GB 11643-1999: characters 7 to 14 are the birth date, an odd 17th digit is male
-- message: {name} 登记为 {sex}、{birth} 出生,与身份号码不符 | {name} is registered as {sex}, born {birth}; the ID number says otherwise
-- public: sex
SELECT r._key AS subject, list(r._row) AS resident_rows, min(r.name) AS name, min(r.sex) AS sex, min(r.birth) AS birth
FROM residents r
WHERE r.id IS NOT NULL AND r.status = '正常'
  AND (r.birth <> id_birth(r.id) OR r.sex <> CASE id_sex(r.id) WHEN 'M' THEN '男' WHEN 'F' THEN '女' END)
  AND NOT EXISTS (SELECT 1 FROM residents o
                  WHERE o.id = r.id AND o.name <> r.name AND o.birth <> r.birth)
-- Two townships may list one resident: one finding.
GROUP BY r._key;
