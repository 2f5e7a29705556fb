-- figure: road.count
-- title: 完成的农村公路 | Roads finished
-- definition: 有交工日期的项目 | projects that are finished
-- value: count(*)
-- unit: 条
-- of: road_projects
SELECT p.road, p._row AS road_row
FROM road_projects p
WHERE p.finished IS NOT NULL;

-- figure: road.km
-- title: 完成里程 | Kilometres finished
-- definition: 有交工日期的项目合同里程之和 | sum of the lengths by contract of finished projects
-- value: sum(km)
-- unit: 公里
-- round: 2
-- of: road_projects
SELECT p.km, p._row AS road_row
FROM road_projects p
WHERE p.finished IS NOT NULL;

-- figure: road.county_fund
-- title: 客运站改造县级资金 | County money for stations
-- definition: 客运站台账县级资金之和 | sum of the county's money
-- value: sum(county_money)
-- unit: 万元
-- unit_power: 4
-- round: 0
-- of: bus_stations
SELECT s.county_money, s._row AS station_row
FROM bus_stations s;

-- figure: road.city_fund
-- title: 客运站改造市级资金 | City money for stations
-- definition: 客运站台账市级资金之和 | sum of the city's money
-- value: sum(city_money)
-- unit: 万元
-- unit_power: 4
-- round: 0
-- of: bus_stations
SELECT s.city_money, s._row AS station_row
FROM bus_stations s;

-- figure: road.stations
-- title: 改造的农村客运站 | Stations rebuilt
-- definition: 有改造完工日期的客运站 | stations with a date of rebuilding
-- value: count(*)
-- unit: 个
-- of: bus_stations
SELECT s.station, s._row AS station_row
FROM bus_stations s
WHERE s.rebuilt IS NOT NULL;
