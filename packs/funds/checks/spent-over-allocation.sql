-- check: spent-over-allocation
-- title: 支出超过下达 | More spent than allocated
-- level: red
-- subject: register
-- key: subject
-- needs: fund_allocations
-- opens: worklist
-- ledger: funds
-- owner: 财政局
-- due: 60 days
-- basis: 《财政专项扶贫资金管理办法》 | Measures on the poverty fund (2017)
-- message: {programme}({doc_no})下达 {amount} 元,支出和收回 {used} 元 | {programme} ({doc_no}): {amount} yuan allocated, {used} spent and taken back
-- public: programme, doc_no, amount, used
SELECT a._key AS subject, a._row AS allocation_row, a.programme, a.doc_no, a.amount, a.spent + coalesce(a.returned, 0) AS used
FROM fund_allocations a
WHERE a.spent + coalesce(a.returned, 0) > a.amount;
