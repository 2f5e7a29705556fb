-- check: accounts-not-reported
-- title: 没有报送财务 | Accounts not reported
-- level: yellow
-- subject: register
-- key: subject
-- needs: care_centres, care_accounts
-- absent: care_accounts
-- opens: worklist
-- ledger: care
-- owner: 民政局
-- due: 60 days
-- basis: 县日间照料中心财务管理制度 | the county's rules on their accounts
-- message: {centre} 没有报送 {year} 年财务 | {centre} did not report its accounts of {year}
-- public: centre, year
SELECT c._key AS subject, min(c._row) AS centre_row, min(c.centre) AS centre, min(y.year) AS year
FROM care_centres c
JOIN (SELECT max(year) AS year FROM care_accounts) y ON y.year IS NOT NULL
WHERE NOT EXISTS (SELECT 1 FROM care_accounts a WHERE a.centre = c.centre AND a.year = y.year)
GROUP BY c._key;
