-- check: on-demand-not-served
-- title: 预约多次没有派车 | Bookings that nobody served
-- level: orange
-- subject: division
-- key: subject
-- needs: bus_services, bus_bookings
-- opens: worklist
-- ledger: bus
-- owner: 交通局
-- due: 60 days
-- basis: 县预约通车方案:有约必应 | the county's scheme: every booking is served
-- message: {village_name} 预约 {times} 次被拒或无人接听 | {times} bookings of {village_name} were refused or not answered
-- public: village_name, times
SELECT b.village AS subject, list(b._row) AS booking_rows, min(b.village_name) AS village_name, count(*) AS times
FROM bus_bookings b
JOIN bus_services s ON s.village = b.village AND s.kind = '预约'
WHERE b.result IN ('拒绝', '无应答')
GROUP BY b.village
HAVING count(*) >= :refused_bookings;
