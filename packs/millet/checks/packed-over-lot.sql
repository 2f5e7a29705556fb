-- check: packed-over-lot
-- title: 包装超过批次产量 | More packed than the lot gave
-- level: red
-- subject: register
-- key: subject
-- needs: millet_lots, millet_codes
-- opens: issue
-- ledger: millet
-- owner: 市场监管局
-- due: 60 days
-- basis: 《食品安全法》第四十二条;沁州黄小米协会经营规则 | Food Safety Law, article 42; the association's rules
-- message: 批次 {lot} 产出 {millet} 公斤,发码包装 {packed} 公斤(网络自销不在内) | lot {lot} gave {millet} kg; codes for {packed} kg were issued (sales without codes are not in it)
-- public: lot, millet, packed
SELECT l._key AS subject, min(l._row) AS lot_row, list(c._row) AS code_rows, min(l.lot) AS lot, min(l.millet) AS millet, sum(c.kg) AS packed
FROM millet_lots l
JOIN millet_codes c ON c.lot = l.lot
GROUP BY l._key
HAVING sum(c.kg) > min(l.millet) * (1 + :balance_tolerance);
