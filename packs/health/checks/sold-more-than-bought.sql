-- check: sold-more-than-bought
-- title: 销售数量超过采购数量 | More sold than bought
-- level: orange
-- subject: register
-- key: subject
-- needs: drug_purchases, drug_sales
-- opens: worklist
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 《医疗保障基金使用监督管理条例》第四十条:伪造进销存 | Regulations on the fund, article 40: invented stock
-- message: {institution} {drug}(批号 {batch})采购 {bought},销售 {sold} | {institution} bought {bought} of {drug} (batch {batch}) and sold {sold}
-- public: institution, drug, batch, bought, sold
SELECT s._key AS subject, min(s._row) AS sale_row, list(b._row) AS purchase_rows,
       min(s.institution) AS institution, min(s.drug) AS drug, min(s.batch) AS batch,
       sum(b.quantity) AS bought, max(s.quantity) AS sold
FROM drug_sales s
JOIN drug_purchases b ON b.institution = s.institution AND b.drug = s.drug AND b.batch = s.batch
WHERE b.quantity IS NOT NULL
GROUP BY s._key
HAVING max(s.quantity) > sum(b.quantity);
