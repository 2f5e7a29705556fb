-- check: readmitted-for-the-same
-- title: 同一疾病短期内再次入院 | Back in hospital for the same illness within days
-- level: yellow
-- subject: person
-- key: subject, settle_no
-- needs: inpatient_claims
-- opens: worklist
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 《医疗保障基金使用监督管理条例》第三十八条第(二)项:分解住院、挂床住院 | Regulations on the fund, article 38 (2): split and empty stays
-- message: {name} {discharged} 从 {first} 出院,{days} 天后因同类疾病又在 {second} 入院 | {name} left {first} on {discharged} and entered {second} for the same kind of illness {days} days later
-- public: settle_no, first, second, discharged, days
SELECT a.person AS subject, b.settle_no, list(a._row) AS first_rows, min(b._row) AS second_row, -- two stays before it may overlap
       min(a.name) AS name, string_agg(DISTINCT a.institution, '、' ORDER BY a.institution) AS first,
       min(b.institution) AS second, max(a.discharged) AS discharged, min(b.admitted - a.discharged) AS days
FROM inpatient_claims a
JOIN inpatient_claims b ON b.person = a.person AND substr(b.icd, 1, 3) = substr(a.icd, 1, 3)
                       AND b.admitted >= a.discharged AND b.settle_no <> a.settle_no
WHERE b.admitted - a.discharged <= :readmit_days
  AND strpos(:readmit_exempt, substr(a.icd, 1, 3)) = 0
  AND NOT EXISTS (SELECT 1 FROM inpatient_claims m
                  WHERE m.person = a.person AND m.settle_no NOT IN (a.settle_no, b.settle_no)
                    AND substr(m.icd, 1, 3) = substr(a.icd, 1, 3)
                    AND m.admitted >= a.discharged AND m.admitted < b.admitted)
GROUP BY a.person, b.settle_no;
