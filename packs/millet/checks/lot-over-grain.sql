-- check: lot-over-grain
-- title: 加工投入超过收购 | More grain milled than bought
-- level: orange
-- subject: register
-- key: subject
-- needs: millet_lots, millet_purchases
-- opens: worklist
-- ledger: millet
-- owner: 市场监管局
-- due: 60 days
-- basis: 《食品安全法》第四十二条;沁州黄小米协会经营规则 | Food Safety Law, article 42; the association's rules
-- message: 批次 {lot} 投入谷子 {grain} 公斤,收购 {bought} 公斤 | lot {lot} took {grain} kg of grain; {bought} kg were bought for it
-- public: lot, grain, bought
SELECT l._key AS subject, min(l._row) AS lot_row, list(p._row) AS purchase_rows, min(l.lot) AS lot, min(l.grain) AS grain, coalesce(sum(p.kg), 0) AS bought
FROM millet_lots l
LEFT JOIN millet_purchases p ON p.lot = l.lot
GROUP BY l._key
HAVING min(l.grain) > coalesce(sum(p.kg), 0) * (1 + :balance_tolerance);
