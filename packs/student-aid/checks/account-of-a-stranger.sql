-- check: account-of-a-stranger
-- title: 资助打入本人和监护人以外的账户 | Account of neither the pupil nor the guardian
-- level: yellow
-- subject: person
-- key: subject, term, programme
-- needs: student_aid, residents
-- opens: worklist
-- ledger: student-aid
-- owner: 教育局
-- due: 30 days
-- basis: 资助资金应直接发放到学生或监护人银行卡(财科教〔2019〕19号) | Aid is paid straight to the pupil's or guardian's card
-- message: {name} 于 {term} 学期的{programme}打入 {holder} 的账户,开户人不是本人、监护人或同户家人 | the {programme} of {name} for {term} went to the account of {holder}, who is neither the pupil, the guardian nor of the household
-- public: term, programme
SELECT a.person AS subject, a.term, a.programme,
       list(DISTINCT a._row) AS aid_rows,
       min(a.name) AS name, min(a.holder_name) AS holder
FROM student_aid a
WHERE a.holder_name IS NOT NULL
  AND regexp_replace(a.holder_name, '[ 　]|[（(].*$', '', 'g') <> regexp_replace(a.name, '[ 　]|[（(].*$', '', 'g')
  AND (a.guardian_name IS NULL
       OR regexp_replace(a.holder_name, '[ 　]|[（(].*$', '', 'g') <> regexp_replace(a.guardian_name, '[ 　]|[（(].*$', '', 'g'))
  AND NOT EXISTS (SELECT 1 FROM residents s JOIN residents o ON o.household_no = s.household_no
                  WHERE s.person = a.person
                    AND regexp_replace(o.name, '[ 　]|[（(].*$', '', 'g')
                      = regexp_replace(a.holder_name, '[ 　]|[（(].*$', '', 'g'))
GROUP BY a.person, a.term, a.programme;
