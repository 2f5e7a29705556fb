-- check: work-unusable
-- title: 灌溉设施损坏未修复 | An irrigation work that is broken
-- level: orange
-- subject: register
-- key: subject
-- needs: irrigation_works, irrigation_checks
-- opens: worklist
-- ledger: irrigation
-- owner: 水利局
-- due: 60 days
-- basis: 《农田水利条例》第十九条、第二十条 | Regulations on farmland irrigation, articles 19 and 20
-- message: {work} 自 {since} 检查不能使用,没有修复 | {work} has been unusable since {since}
-- public: work, since
SELECT w._key AS subject, min(w._row) AS work_row, list(c._row) AS check_rows, min(w.work) AS work, min(c.checked) AS since
FROM irrigation_works w
JOIN irrigation_checks c ON c.work_no = w.work_no AND NOT c.usable
WHERE CAST(:as_of AS DATE) - c.checked > :broken_days
  AND NOT EXISTS (SELECT 1 FROM irrigation_checks l WHERE l.work_no = c.work_no AND l.usable AND l.checked > c.checked)
  AND NOT EXISTS (SELECT 1 FROM irrigation_repairs r WHERE r.work_no = c.work_no AND r.repaired >= c.checked)
GROUP BY w._key;
