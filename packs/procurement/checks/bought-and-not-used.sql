-- check: bought-and-not-used
-- title: 验收后没有投入使用 | Accepted and not used
-- level: yellow
-- subject: register
-- key: subject
-- needs: procurements
-- opens: worklist
-- ledger: procurement
-- owner: 财政局
-- due: 60 days
-- basis: 《政府采购法》 | Government Procurement Law
-- message: {title}(合同 {amount} 元)于 {accepted} 验收,没有投入使用 | {title}, {amount} yuan, was accepted on {accepted} and is not in use
-- public: title, amount, accepted
SELECT p._key AS subject, p._row AS procurement_row, p.title, p.amount, p.accepted
FROM procurements p
WHERE p.used_since IS NULL AND CAST(:as_of AS DATE) - p.accepted > :use_days;
