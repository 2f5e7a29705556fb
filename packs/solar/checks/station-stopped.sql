-- check: station-stopped
-- title: 电站停运没有原因 | A station stands still
-- level: orange
-- subject: register
-- key: subject, month
-- needs: solar_stations, solar_months
-- opens: worklist
-- ledger: solar
-- owner: 能源局
-- due: 60 days
-- basis: 《光伏扶贫电站管理办法》(国能发新能〔2018〕29号) | Measures on solar stations (2018)
-- message: {station} {month} 停运 {stopped} 天,没有登记原因 | {station} stood still {stopped} days in {month}; no reason is given
-- public: station, month, stopped
SELECT s._key AS subject, m.month, min(s._row) AS station_row, min(m._row) AS month_row, min(s.station) AS station, max(m.stopped) AS stopped
FROM solar_stations s
JOIN solar_months m ON m.station_no = s.station_no
WHERE m.stopped > :stop_days AND m.reason IS NULL
GROUP BY s._key, m.month;
