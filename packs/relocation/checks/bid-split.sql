-- check: bid-split
-- title: 拆分合同规避招标 | Contracts split under the limit
-- level: orange
-- subject: register
-- key: subject
-- needs: reloc_projects
-- opens: worklist
-- ledger: relocation
-- owner: 住建局
-- due: 60 days
-- basis: 《招标投标法》第四条:不得将项目化整为零规避招标 | Tendering Law, article 4: no splitting to avoid a tender
-- message: {contractor} 在 {town} 连续承接同类项目 {works} 个,共 {total} 元,均未招标 | {contractor} took {works} works of one kind in {town}, {total} yuan together, without a tender
-- public: contractor, town, works, total
SELECT min(p._key) AS subject, list(p._row) AS project_rows, p.contractor, min(p.township_name) AS town,
       count(*) AS works, sum(p.contract) AS total
FROM reloc_projects p
WHERE p.tender <> '公开' AND p.contract < :tender_from AND p.tendered IS NOT NULL
GROUP BY p.contractor, p.township, p.kind
HAVING count(*) > 1 AND sum(p.contract) >= :tender_from AND max(p.tendered) - min(p.tendered) <= :split_days;
