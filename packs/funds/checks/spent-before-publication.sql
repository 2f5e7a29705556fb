-- check: spent-before-publication
-- title: 公告之前先支付 | Spent before it was published
-- level: orange
-- subject: register
-- key: subject
-- needs: fund_allocations
-- opens: worklist
-- ledger: funds
-- owner: 财政局
-- due: 60 days
-- basis: 《财政专项扶贫资金管理办法》 | Measures on the poverty fund (2017)
-- message: {programme}({doc_no})于 {first_paid} 首次支付,公告 {published} | {programme} ({doc_no}) was first paid on {first_paid}; published: {published}
-- public: programme, doc_no, first_paid, published
SELECT a._key AS subject, a._row AS allocation_row, a.programme, a.doc_no, a.first_paid, coalesce(CAST(a.published AS VARCHAR), '无') AS published
FROM fund_allocations a
WHERE a.first_paid IS NOT NULL AND (a.published IS NULL OR a.first_paid < a.published);
