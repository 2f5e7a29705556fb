-- check: water-dry
-- title: 停水天数过多 | Too many days without water
-- level: orange
-- subject: register
-- key: subject
-- needs: water_schemes, water_outages
-- opens: worklist
-- ledger: water
-- owner: 水利局
-- due: 60 days
-- basis: 《农村饮水安全评价准则》(水质、水量、方便程度、保证率) | Rules for judging rural water
-- message: {scheme} 近一年停水 {dry} 天 | {scheme} gave no water on {dry} days of a year
-- public: scheme, dry
SELECT s._key AS subject, min(s._row) AS scheme_row, list(o._row) AS outage_rows, min(s.scheme) AS scheme,
       sum(coalesce(o.until, CAST(:as_of AS DATE)) - o.since) AS dry
FROM water_schemes s
JOIN water_outages o ON o.scheme = s.scheme AND CAST(:as_of AS DATE) - o.since < 365
GROUP BY s._key
HAVING sum(coalesce(o.until, CAST(:as_of AS DATE)) - o.since) > :dry_days;
