-- check: station-closed
-- title: 改造后的客运站停用 | A rebuilt station is closed
-- level: orange
-- subject: register
-- key: subject
-- needs: bus_stations
-- opens: worklist
-- ledger: roads
-- owner: 交通局
-- due: 60 days
-- basis: 县客运站改造方案:改造后具备正常使用条件 | the county's plan: rebuilt stations are in use
-- message: {station} 于 {rebuilt} 改造完工,{checked} 核查为停用 | {station}, rebuilt on {rebuilt}, was found closed on {checked}
-- public: station, rebuilt, checked
SELECT s._key AS subject, s._row AS station_row, s.station, s.rebuilt, s.checked
FROM bus_stations s
WHERE s.rebuilt IS NOT NULL AND s.status = '停用' AND s.checked >= s.rebuilt;
