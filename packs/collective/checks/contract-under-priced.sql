-- check: contract-under-priced
-- title: 承包费低于同类一半 | A rent under half of its kind
-- level: yellow
-- subject: register
-- key: subject
-- needs: collective_contracts
-- opens: worklist
-- ledger: collective
-- owner: 农业农村局
-- due: 60 days
-- basis: 审计分析口径:同乡镇同类单价中位数(参数) | analysis: the median of the kind in the township (a parameter)
-- message: {contract_no}({asset})每亩 {price} 元,同乡镇 {peers} 份同类中位数 {middle} 元 | {contract_no} of {asset}: {price} yuan a mu; the median of {peers} of its kind in the township is {middle}
-- public: contract_no, asset, price, middle, peers
SELECT c._key AS subject, min(c._row) AS contract_row, min(c.contract_no) AS contract_no, min(c.asset) AS asset,
       CAST(min(c.yearly / nullif(c.area, 0)) AS DECIMAL(12,2)) AS price, CAST(min(g.middle) AS DECIMAL(12,2)) AS middle, min(g.peers) AS peers
FROM collective_contracts c
JOIN (SELECT township, kind, median(yearly / nullif(area, 0)) AS middle, count(*) AS peers
      FROM collective_contracts WHERE area > 0 GROUP BY township, kind) g ON g.township = c.township AND g.kind = c.kind
WHERE c.area > 0 AND g.peers >= 4 AND c.yearly / nullif(c.area, 0) < g.middle * :cheap_share
GROUP BY c._key;
