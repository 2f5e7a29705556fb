-- check: code-in-two-places
-- title: 同一天同一码在两地扫描 | One code in two places on a day
-- level: orange
-- subject: register
-- key: subject, scanned
-- needs: millet_scans
-- opens: worklist
-- ledger: millet
-- owner: 市场监管局
-- due: 60 days
-- basis: 复制追溯码的常见迹象 | the usual sign of a copied code
-- message: 追溯码 {code} {scanned} 在 {cities} 被扫描 | the code {code} was scanned in {cities} on {scanned}
-- public: code, scanned, cities
SELECT min(s._key) AS subject, s.scanned, list(s._row) AS scan_rows, s.code, string_agg(DISTINCT s.city, '、' ORDER BY s.city) AS cities
FROM millet_scans s
GROUP BY s.code, s.scanned
HAVING count(DISTINCT s.city) > 1;
