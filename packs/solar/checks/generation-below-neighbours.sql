-- check: generation-below-neighbours
-- title: 发电量远低于邻近电站 | Generation far below the neighbours'
-- level: yellow
-- subject: register
-- key: subject, month
-- needs: solar_stations, solar_months
-- opens: worklist
-- ledger: solar
-- owner: 能源局
-- due: 60 days
-- basis: 《光伏扶贫电站管理办法》(国能发新能〔2018〕29号) | Measures on solar stations (2018)
-- message: {station} {month} 每千瓦发电 {own} 度,同乡镇 {peers} 座中位数 {middle} 度 | {station} gave {own} kWh a kW in {month}; the median of {peers} stations of the township is {middle}
-- public: station, month, own, peers, middle
SELECT s._key AS subject, m.month, min(s._row) AS station_row, min(m._row) AS month_row, min(s.station) AS station,
       CAST(min(m.kwh / nullif(s.kw, 0)) AS DECIMAL(12,1)) AS own, min(g.peers) AS peers, CAST(min(g.middle) AS DECIMAL(12,1)) AS middle
FROM solar_stations s
JOIN solar_months m ON m.station_no = s.station_no
JOIN (SELECT t.township, n.month, median(n.kwh / nullif(t.kw, 0)) AS middle, count(*) AS peers
      FROM solar_stations t JOIN solar_months n ON n.station_no = t.station_no
      WHERE t.kind = '村级' AND coalesce(n.stopped, 0) = 0
      GROUP BY t.township, n.month) g ON g.township = s.township AND g.month = m.month
WHERE s.kind = '村级' AND coalesce(m.stopped, 0) = 0 AND g.peers >= :neighbours AND m.kwh / nullif(s.kw, 0) < g.middle * :low_share
GROUP BY s._key, m.month;
