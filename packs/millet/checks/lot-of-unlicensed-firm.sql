-- check: lot-of-unlicensed-firm
-- title: 未获授权企业加工 | Milled by a firm without a licence
-- level: orange
-- subject: register
-- key: subject
-- needs: millet_lots, millet_members
-- opens: worklist
-- ledger: millet
-- owner: 市场监管局
-- due: 60 days
-- basis: 沁州黄小米协会章程:授权使用地理标志 | the association's charter: licensed use of the name
-- message: {firm} 批次 {lot} 于 {milled} 加工,授权至 {licensed_to} | {firm} milled lot {lot} on {milled}; its licence ran to {licensed_to}
-- public: firm, lot, milled, licensed_to
SELECT l._key AS subject, min(l._row) AS lot_row, list(m._row) AS member_rows, min(l.firm) AS firm, min(l.lot) AS lot, min(l.milled) AS milled,
       coalesce(CAST(max(m.licensed_to) AS VARCHAR), '无') AS licensed_to
FROM millet_lots l
LEFT JOIN millet_members m ON m.firm = l.firm
GROUP BY l._key
HAVING max(m.licensed_to) IS NULL OR max(m.licensed_to) < min(l.milled);
