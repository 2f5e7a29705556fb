-- check: township-not-called-in
-- title: 乡镇被处罚未约谈负责人 | A township fined and nobody called in
-- level: yellow
-- subject: division
-- key: subject
-- needs: reloc_penalties, reloc_talks
-- absent: reloc_talks
-- opens: worklist
-- ledger: relocation
-- owner: 扶贫办
-- due: 60 days
-- basis: 县整改方案:被处罚项目所在乡镇党委书记集中约谈 | the county's plan: the secretaries of the townships fined are called in
-- message: {town} 项目被处罚 {fines} 次,没有约谈记录 | works of {town} were fined {fines} times; no talk is recorded
-- public: town, fines
SELECT x.township AS subject, list(x._row) AS penalty_rows, min(x.township_name) AS town, count(*) AS fines
FROM reloc_penalties x
WHERE x.target = '项目' AND x.township IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM reloc_talks t WHERE t.township = x.township AND t.held >= x.decided)
GROUP BY x.township;
