-- check: work-not-checked
-- title: 灌溉设施未按期检查 | A work that was not checked
-- level: yellow
-- subject: register
-- key: subject
-- needs: irrigation_works, irrigation_checks
-- absent: irrigation_checks
-- opens: worklist
-- ledger: irrigation
-- owner: 水利局
-- due: 60 days
-- basis: 《农田水利条例》第十九条、第二十条 | Regulations on farmland irrigation, articles 19 and 20
-- message: {work} 最近一次检查 {last} | {work} was last checked: {last}
-- public: work, last
SELECT w._key AS subject, min(w._row) AS work_row, min(w.work) AS work, coalesce(CAST(max(c.checked) AS VARCHAR), '无记录') AS last
FROM irrigation_works w
LEFT JOIN irrigation_checks c ON c.work_no = w.work_no
GROUP BY w._key
HAVING max(c.checked) IS NULL OR CAST(:as_of AS DATE) - max(c.checked) > :check_days;
