-- check: account-not-own
-- title: 补贴打入本人和家人以外的账户 | Subsidy on the account of a stranger
-- level: yellow
-- subject: person
-- key: subject, programme
-- needs: subsidies, residents
-- opens: worklist
-- ledger: assistance
-- owner: 财政局
-- due: 30 days
-- basis: 惠民惠农财政补贴资金“一卡通”管理规定:补贴直接发放到受益人本人或其户内成员账户 | Rules on the card of subsidies: paid to the beneficiary or the household
-- message: {name} 的{programme}打入 {holder} 的账户,开户人不是本人或同户家人 | the {programme} of {name} went to the account of {holder}, not of the household
-- public: programme
SELECT p.person AS subject, p.programme,
       list(DISTINCT p._row) AS subsidy_rows,
       min(p.name) AS name, min(p.holder_name) AS holder
FROM subsidies p
WHERE p.holder_name IS NOT NULL
  AND regexp_replace(p.holder_name, '[ 　]|[（(].*$', '', 'g') <> regexp_replace(p.name, '[ 　]|[（(].*$', '', 'g')
  AND NOT EXISTS (SELECT 1 FROM residents s JOIN residents o ON o.household_no = s.household_no
                  WHERE s.person = p.person
                    AND regexp_replace(o.name, '[ 　]|[（(].*$', '', 'g')
                      = regexp_replace(p.holder_name, '[ 　]|[（(].*$', '', 'g'))
GROUP BY p.person, p.programme;
