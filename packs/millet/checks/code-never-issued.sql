-- check: code-never-issued
-- title: 扫描的追溯码没有发放过 | A scanned code that was never issued
-- level: red
-- subject: register
-- key: subject
-- needs: millet_scans, millet_codes
-- absent: millet_codes
-- opens: issue
-- ledger: millet
-- owner: 市场监管局
-- due: 60 days
-- basis: 《食品安全法》第四十二条;沁州黄小米协会经营规则 | Food Safety Law, article 42; the association's rules
-- message: 追溯码 {code} 没有发放记录,在 {cities} 被扫描 {scans} 次 | the code {code} was never issued; it was scanned {scans} times in {cities}
-- public: code, scans, cities
SELECT min(s._key) AS subject, list(s._row) AS scan_rows, s.code, count(*) AS scans, string_agg(DISTINCT s.city, '、' ORDER BY s.city) AS cities
FROM millet_scans s
WHERE NOT EXISTS (SELECT 1 FROM millet_codes c WHERE c.code = s.code)
GROUP BY s.code;
