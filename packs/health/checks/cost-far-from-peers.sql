-- check: cost-far-from-peers
-- title: 费用远离同病种中位数 | A cost far from its peers
-- level: yellow
-- subject: register
-- key: subject
-- needs: inpatient_claims
-- opens: worklist
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 审计分析口径:与同病种中位数比较,偏差以绝对中位差计(参数) | analysis: distance from the median of the illness, in median absolute deviations (a parameter)
-- message: {institution} 结算单 {settle_no} 费用 {cost} 元,同病种 {peers} 例中位数 {middle} 元 | settlement {settle_no} of {institution} costs {cost} yuan; the median of {peers} stays for the illness is {middle}
-- public: institution, settle_no, cost, peers, middle
SELECT c._key AS subject, c._row AS claim_row, c.institution, c.settle_no, c.cost, g.peers,
       CAST(g.middle AS DECIMAL(18,2)) AS middle
FROM inpatient_claims c
JOIN (SELECT m.icd3, min(m.middle) AS middle, min(m.peers) AS peers, median(abs(o.cost - m.middle)) AS deviation
      FROM (SELECT substr(icd, 1, 3) AS icd3, median(cost) AS middle, count(*) AS peers
            FROM inpatient_claims GROUP BY substr(icd, 1, 3)) m
      JOIN inpatient_claims o ON substr(o.icd, 1, 3) = m.icd3
      GROUP BY m.icd3) g ON g.icd3 = substr(c.icd, 1, 3)
WHERE g.peers >= :outlier_group AND g.deviation > 0
  AND c.cost - g.middle > :outlier_mads * g.deviation;
