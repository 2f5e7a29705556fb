-- check: bought-without-tender
-- title: 达到限额没有公开招标 | Over the limit without a tender
-- level: orange
-- subject: register
-- key: subject
-- needs: procurements
-- opens: worklist
-- ledger: procurement
-- owner: 财政局
-- due: 60 days
-- basis: 《政府采购法》第二十七条:数额标准以上应公开招标 | Government Procurement Law, article 27
-- message: {title} 合同 {amount} 元,采购方式 {way} | {title} of {amount} yuan was bought by {way}
-- public: title, amount, way
SELECT p._key AS subject, p._row AS procurement_row, p.title, p.amount, p.way
FROM procurements p
WHERE p.amount >= :tender_from AND p.way <> '公开';
