-- figure: pv.central_mw
-- title: 集中式光伏扶贫电站容量 | Capacity of the plant
-- definition: 集中式电站已并网的装机容量之和 | sum of the capacity of connected plants
-- value: sum(kw)
-- unit: MW
-- unit_power: 3
-- round: 0
-- of: solar_stations
SELECT s.kw, s._row AS station_row
FROM solar_stations s
WHERE s.kind = '集中' AND s.connected IS NOT NULL;

-- figure: pv.central_fund
-- title: 集中式电站扶贫资金 | Money of the plant
-- definition: 已拨付的扶贫资金之和 | sum of what was paid
-- value: sum(amount)
-- unit: 万元
-- unit_power: 4
-- round: 1
-- of: solar_funds
SELECT f.amount, f._row AS fund_row
FROM solar_funds f
WHERE f.paid IS NOT NULL;

-- figure: pv.stations
-- title: 村级光伏扶贫电站 | Village stations
-- definition: 村级电站的座数 | village stations
-- value: count(*)
-- unit: 座
-- of: solar_stations
SELECT s.station, s._row AS station_row
FROM solar_stations s
WHERE s.kind = '村级';

-- figure: pv.village_stations
-- title: 村级电站全部并网 | Every village station is connected
-- definition: 没有并网日期的村级电站(没有例外,说法才成立) | village stations without a date of connection; the claim holds where there is none
-- value: exceptions
-- unit: 座
-- of: solar_stations
SELECT s.station, s._row AS station_row
FROM solar_stations s
WHERE s.kind = '村级' AND s.connected IS NULL;
