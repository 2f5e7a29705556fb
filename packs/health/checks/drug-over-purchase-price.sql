-- check: drug-over-purchase-price
-- title: 药品加价销售 | A drug sold over its purchase price
-- level: orange
-- subject: register
-- key: subject
-- needs: drug_purchases, drug_sales, institutions
-- opens: issue
-- ledger: health
-- owner: 卫健局
-- due: 60 days
-- basis: 公立医疗机构药品零差率政策(中药饮片除外;村卫生室另行规定) | zero mark-up in public hospitals (not for herbal pieces; village clinics apart)
-- message: {institution} {drug}(批号 {batch})采购价 {bought} 元,销售价 {sold} 元 | {institution} bought {drug} (batch {batch}) at {bought} yuan and sells it at {sold}
-- public: institution, drug, batch, bought, sold
SELECT s._key AS subject, min(s._row) AS sale_row, list(b._row) AS purchase_rows,
       min(s.institution) AS institution, min(s.drug) AS drug, min(s.batch) AS batch,
       max(b.price) AS bought, max(s.price) AS sold
FROM drug_sales s
JOIN drug_purchases b ON b.institution = s.institution AND b.drug = s.drug AND b.batch = s.batch
JOIN institutions h ON h.institution = s.institution
WHERE b.kind IN ('西药', '中成药') AND h.kind IN ('卫生院', '医院')
GROUP BY s._key
HAVING max(s.price) > max(b.price);
