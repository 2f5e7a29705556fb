-- figure: water.facilities
-- title: 农田灌溉设施 | Irrigation works
-- definition: 台账中的设施 | works of the register
-- value: count(*)
-- unit: 处
-- of: irrigation_works
SELECT w.work, w._row AS work_row
FROM irrigation_works w;

-- figure: water.working
-- title: 灌溉设施均可正常使用 | Every irrigation work is usable
-- definition: 最近一次检查不能使用、此后没有维修的设施(没有例外,说法才成立) | works unusable at their newest check and not mended since; the claim holds where there is none
-- value: exceptions
-- unit: 处
-- of: irrigation_works, irrigation_checks
SELECT w.work, w._row AS work_row, c._row AS check_row
FROM irrigation_works w
JOIN irrigation_checks c ON c.work_no = w.work_no AND NOT c.usable
WHERE NOT EXISTS (SELECT 1 FROM irrigation_checks l WHERE l.work_no = c.work_no AND l.checked > c.checked)
  AND NOT EXISTS (SELECT 1 FROM irrigation_repairs r WHERE r.work_no = c.work_no AND r.repaired >= c.checked);
