-- check: metered-not-settled
-- title: 计量与结算电量不符 | Metered and settled differ
-- level: yellow
-- subject: register
-- key: subject, month
-- needs: solar_months, solar_settlements
-- opens: worklist
-- ledger: solar
-- owner: 能源局
-- due: 60 days
-- basis: 《光伏扶贫电站管理办法》(国能发新能〔2018〕29号) | Measures on solar stations (2018)
-- message: 电站 {station_no} {month} 发电 {metered} 度,结算 {settled} 度 | station {station_no} gave {metered} kWh in {month}; {settled} were settled
-- public: station_no, month, metered, settled
SELECT m._key AS subject, m.month, min(m._row) AS month_row, min(t._row) AS settlement_row, min(m.station_no) AS station_no,
       max(m.kwh) AS metered, max(t.kwh) AS settled
FROM solar_months m
JOIN solar_settlements t ON t.station_no = m.station_no AND t.month = m.month
WHERE abs(t.kwh - m.kwh) > m.kwh * :meter_tolerance
GROUP BY m._key, m.month;
