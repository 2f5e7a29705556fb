-- check: water-failed
-- title: 水质不合格没有复检合格 | Water that failed its test
-- level: red
-- subject: register
-- key: subject
-- needs: water_schemes, water_tests
-- opens: worklist
-- ledger: water
-- owner: 卫健局
-- due: 60 days
-- basis: 《农村饮水安全评价准则》(水质、水量、方便程度、保证率) | Rules for judging rural water
-- message: {scheme} {tested} 水质不合格({fault}),此后没有合格记录 | the water of {scheme} failed on {tested} ({fault}) and was not found good since
-- public: scheme, tested, fault
SELECT s._key AS subject, min(s._row) AS scheme_row, list(t._row) AS test_rows, min(s.scheme) AS scheme, max(t.tested) AS tested, coalesce(max(t.fault), '未注明') AS fault
FROM water_schemes s
JOIN water_tests t ON t.scheme = s.scheme AND NOT t.passed
WHERE CAST(:as_of AS DATE) - t.tested > :retest_days
  AND NOT EXISTS (SELECT 1 FROM water_tests g WHERE g.scheme = t.scheme AND g.passed AND g.tested > t.tested)
GROUP BY s._key;
