-- check: item-against-sex
-- title: 收费项目与性别不符 | An item that the sex rules out
-- level: orange
-- subject: register
-- key: subject, item
-- needs: inpatient_claims, claim_items
-- opens: worklist
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 医保智能审核规则:限性别项目 | review rules: items for one sex
-- message: {institution} 结算单 {settle_no} 为{sex}性患者收取“{item}” | settlement {settle_no} of {institution} charges "{item}" for a patient of sex {sex}
-- public: institution, settle_no, item, sex
SELECT c._key AS subject, i.item, min(c._row) AS claim_row, list(i._row) AS item_rows,
       min(c.institution) AS institution, min(c.settle_no) AS settle_no,
       min(CASE WHEN id_sex(c.id) = 'M' THEN '男' ELSE '女' END) AS sex
FROM inpatient_claims c
JOIN claim_items i ON i.settle_no = c.settle_no
WHERE (id_sex(c.id) = 'M' AND (i.item LIKE '%妇科%' OR i.item LIKE '%产科%' OR i.item LIKE '%宫颈%' OR i.item LIKE '%子宫%'
                               OR i.item LIKE '%卵巢%' OR i.item LIKE '%剖宫产%'))
   OR (id_sex(c.id) = 'F' AND (i.item LIKE '%前列腺%' OR i.item LIKE '%睾丸%' OR i.item LIKE '%包皮%'))
GROUP BY c._key, i.item;
