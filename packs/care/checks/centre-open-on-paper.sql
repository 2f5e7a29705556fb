-- check: centre-open-on-paper
-- title: 登记开放而没有就餐 | Open on paper
-- level: orange
-- subject: register
-- key: subject
-- needs: care_months
-- opens: worklist
-- ledger: care
-- owner: 民政局
-- due: 60 days
-- basis: 县老年人日间照料中心运营管理试行办法 | the county's trial measures on day-care centres
-- message: {centre} {month} 登记开放 {days} 天,没有就餐 | {centre} was open {days} days in {month} and served no meal
-- public: centre, month, days
SELECT m._key AS subject, m._row AS month_row, m.centre, m.month, m.open_days AS days
FROM care_months m
WHERE m.open_days > 0 AND m.meals = 0;
