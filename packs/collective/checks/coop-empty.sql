-- check: coop-empty
-- title: 空壳合作社没有清理 | An empty co-operative left
-- level: yellow
-- subject: register
-- key: subject
-- needs: farmer_coops
-- opens: worklist
-- ledger: collective
-- owner: 农业农村局
-- due: 60 days
-- basis: 《农民专业合作社法》第七十一条;清理“空壳社”专项行动 | Law on Co-operatives, article 71; the clearing of empty ones
-- message: {coop} 最近年报 {report} 年、资金往来 {movement} 年,没有清理 | {coop}: last report of {report}, last movement of {movement}; not cleared
-- public: coop, report, movement
SELECT f._key AS subject, f._row AS coop_row, f.coop, coalesce(CAST(f.last_report AS VARCHAR), '无') AS report,
       coalesce(CAST(f.last_movement AS VARCHAR), '无') AS movement
FROM farmer_coops f
WHERE f.cleared IS NULL
  AND date_part('year', CAST(:as_of AS DATE)) - coalesce(f.last_report, 0) > :empty_years
  AND date_part('year', CAST(:as_of AS DATE)) - coalesce(f.last_movement, 0) > :empty_years;
