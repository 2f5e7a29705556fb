-- check: plant-money-late
-- title: 集中式电站扶贫资金逾期拨付 | Money of the plant paid late
-- level: yellow
-- subject: register
-- key: subject
-- needs: solar_funds
-- opens: worklist
-- ledger: solar
-- owner: 扶贫办
-- due: 60 days
-- basis: 集中式电站扶贫收益协议约定的拨付日期 | the day agreed for the plant's money
-- message: 凭证 {receipt} 应于 {due} 拨付 {amount} 元,实际 {paid} | {amount} yuan of {receipt} were due on {due}; paid {paid}
-- public: receipt, due, amount, paid
SELECT f._key AS subject, f._row AS fund_row, f.receipt, f.due, f.amount, coalesce(CAST(f.paid AS VARCHAR), '未拨付') AS paid
FROM solar_funds f
WHERE coalesce(f.paid, CAST(:as_of AS DATE)) > f.due;
