-- check: account-of-many-families
-- title: 一个账户收取多个家庭学生的资助 | One account takes the aid of several families
-- level: yellow
-- subject: register
-- key: subject, term, tail
-- needs: student_aid
-- opens: worklist
-- ledger: student-aid
-- owner: 教育局
-- due: 30 days
-- basis: 资助资金应直接发放到学生或监护人银行卡(财科教〔2019〕19号) | Aid is paid straight to the pupil's or guardian's card
-- message: {term} 学期一个账户(尾号 {tail})收取 {families} 个家庭 {pupils} 名学生的资助 {amount} 元 | in {term} one account (ending in {tail}) took {amount} yuan for {pupils} pupils of {families} families
-- public: term, families, pupils, amount, tail
SELECT min(a._key) AS subject, a.term,
       list(a._row) AS aid_rows,
       count(DISTINCT a.guardian_person) AS families,
       count(DISTINCT a.person) AS pupils,
       sum(a.amount) AS amount,
       substr(a.account, length(a.account) - 3, 4) AS tail
FROM student_aid a
WHERE a.account IS NOT NULL
GROUP BY a.account, a.term
HAVING count(DISTINCT a.guardian_person) >= :shared_account;
