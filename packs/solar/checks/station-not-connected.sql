-- check: station-not-connected
-- title: 电站没有并网 | A station that is not connected
-- level: orange
-- subject: register
-- key: subject
-- needs: solar_stations
-- opens: worklist
-- ledger: solar
-- owner: 能源局
-- due: 60 days
-- basis: 《光伏扶贫电站管理办法》(国能发新能〔2018〕29号) | Measures on solar stations (2018)
-- message: {station} 没有并网日期 | {station} has no date of connection
-- public: station
SELECT s._key AS subject, s._row AS station_row, s.station
FROM solar_stations s
WHERE s.connected IS NULL;
