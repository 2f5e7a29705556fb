-- check: subsidy-over-days
-- title: 补助天数多于开放天数 | More days paid than open
-- level: orange
-- subject: register
-- key: subject
-- needs: care_months, care_money
-- opens: worklist
-- ledger: care
-- owner: 民政局
-- due: 60 days
-- basis: 县老年人日间照料中心运营管理试行办法 | the county's trial measures on day-care centres
-- message: {centre} {month} 开放 {open_days} 天,补助 {paid_days} 天 | {centre} in {month}: open {open_days} days, paid {paid_days}
-- public: centre, month, open_days, paid_days
SELECT p._key AS subject, min(p._row) AS money_row, min(m._row) AS month_row, min(p.centre) AS centre, min(p.month) AS month, min(m.open_days) AS open_days, max(p.days) AS paid_days
FROM care_money p
JOIN care_months m ON m.centre = p.centre AND m.month = p.month
WHERE p.days > m.open_days
GROUP BY p._key;
