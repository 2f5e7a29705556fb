-- check: bus-not-inspected
-- title: 车辆检验过期运行 | A bus out of inspection
-- level: orange
-- subject: register
-- key: subject
-- needs: bus_runs, bus_vehicles
-- opens: worklist
-- ledger: bus
-- owner: 交通局
-- due: 60 days
-- basis: 《道路运输车辆技术管理规定》:按期检验检测 | rules on vehicles: inspected in time
-- message: {plate} 检验有效期至 {inspected_to},此后开行 {runs} 次 | {plate} was inspected to {inspected_to} and ran {runs} times since
-- public: inspected_to, runs
SELECT v._key AS subject, min(v._row) AS vehicle_row, list(r._row) AS run_rows, min(v.plate) AS plate, min(v.inspected_to) AS inspected_to, count(*) AS runs
FROM bus_vehicles v
JOIN bus_runs r ON r.plate = v.plate AND r.ran AND r.run_date > v.inspected_to
GROUP BY v._key;
