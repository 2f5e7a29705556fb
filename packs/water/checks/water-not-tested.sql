-- check: water-not-tested
-- title: 供水工程没有按期检测 | A scheme that was not tested
-- level: yellow
-- subject: register
-- key: subject
-- needs: water_schemes, water_tests
-- absent: water_tests
-- opens: worklist
-- ledger: water
-- owner: 卫健局
-- due: 60 days
-- basis: 《农村饮水安全评价准则》(水质、水量、方便程度、保证率) | Rules for judging rural water
-- message: {scheme} 最近一次检测:{last} | {scheme} was last tested: {last}
-- public: scheme, last
SELECT s._key AS subject, min(s._row) AS scheme_row, min(s.scheme) AS scheme, coalesce(CAST(max(t.tested) AS VARCHAR), '无记录') AS last
FROM water_schemes s
LEFT JOIN water_tests t ON t.scheme = s.scheme
GROUP BY s._key
HAVING max(t.tested) IS NULL OR CAST(:as_of AS DATE) - max(t.tested) > :test_days;
