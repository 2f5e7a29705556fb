-- check: bus-over-seats
-- title: 超员运行 | More passengers than seats
-- level: red
-- subject: register
-- key: subject
-- needs: bus_runs, bus_vehicles
-- opens: worklist
-- ledger: bus
-- owner: 交通局
-- due: 60 days
-- basis: 《道路交通安全法》第四十九条:载人不得超过核定人数 | Road Traffic Safety Law, article 49
-- message: {route} {run_date} 核定 {seats} 人,乘客 {passengers} 人 | {route} on {run_date}: {seats} seats, {passengers} passengers
-- public: route, run_date, seats, passengers
SELECT r._key AS subject, min(r._row) AS run_row, list(v._row) AS vehicle_rows, min(r.route) AS route, min(r.run_date) AS run_date,
       max(v.seats) AS seats, max(r.passengers) AS passengers
FROM bus_runs r
JOIN bus_vehicles v ON v.plate = r.plate
WHERE r.passengers > v.seats
GROUP BY r._key;
