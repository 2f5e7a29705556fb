-- check: millet-over-grain
-- title: 出米率超过可能 | More millet than the grain gives
-- level: orange
-- subject: register
-- key: subject
-- needs: millet_lots
-- opens: worklist
-- ledger: millet
-- owner: 市场监管局
-- due: 60 days
-- basis: 《食品安全法》第四十二条;沁州黄小米协会经营规则 | Food Safety Law, article 42; the association's rules
-- message: 批次 {lot} 投入 {grain} 公斤,产出小米 {millet} 公斤 | lot {lot}: {grain} kg of grain gave {millet} kg of millet
-- public: lot, grain, millet
SELECT l._key AS subject, l._row AS lot_row, l.lot, l.grain, l.millet
FROM millet_lots l
WHERE l.millet > l.grain * :mill_ratio;
