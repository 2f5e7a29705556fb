-- check: money-parked
-- title: 资金滞留超过一年 | Money parked for over a year
-- level: orange
-- subject: register
-- key: subject
-- needs: fund_allocations
-- opens: worklist
-- ledger: funds
-- owner: 财政局
-- due: 60 days
-- basis: 国办发〔2014〕70号:盘活财政存量资金 | on idle money (2014)
-- message: {programme}({doc_no}){allocated} 下达 {amount} 元,尚余 {left_over} 元 | {programme} ({doc_no}): of {amount} yuan allocated on {allocated}, {left_over} are left
-- public: programme, doc_no, allocated, amount, left_over
SELECT a._key AS subject, a._row AS allocation_row, a.programme, a.doc_no, a.allocated, a.amount, a.amount - a.spent - coalesce(a.returned, 0) AS left_over
FROM fund_allocations a
WHERE a.amount - a.spent - coalesce(a.returned, 0) > 0 AND CAST(:as_of AS DATE) - a.allocated > :parked_days;
