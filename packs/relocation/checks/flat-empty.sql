-- check: flat-empty
-- title: 安置房长期不用电 | A flat without power used
-- level: yellow
-- subject: person
-- key: subject
-- needs: flat_power
-- opens: worklist
-- ledger: relocation
-- owner: 扶贫办
-- due: 60 days
-- basis: 易地扶贫搬迁要求“搬得出、稳得住”;用电口径为审计常用(参数) | people shall live where they were moved; the measure of power is audit practice (a parameter)
-- message: {name} 的安置房近 12 个月用电 {kwh} 度,未登记外出务工 | the flat of {name} used {kwh} kWh in 12 months; no work elsewhere is recorded
-- public: kwh
SELECT f.person AS subject, list(f._row) AS power_rows, min(f.name) AS name, max(f.kwh) AS kwh
FROM flat_power f
WHERE f.kwh < :empty_kwh AND (f.works_away IS NULL OR NOT f.works_away)
GROUP BY f.person;
