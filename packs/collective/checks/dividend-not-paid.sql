-- check: dividend-not-paid
-- title: 有收益没有分红 | Profit and no dividend
-- level: yellow
-- subject: register
-- key: subject
-- needs: share_coops
-- opens: worklist
-- ledger: collective
-- owner: 农业农村局
-- due: 60 days
-- basis: 股份经济合作社章程 | the co-operative's charter
-- message: {coop} 本年收益 {profit} 元,没有分红 | {coop} earned {profit} yuan and paid no dividend
-- public: coop, profit
SELECT s._key AS subject, s._row AS coop_row, s.coop, s.profit
FROM share_coops s
WHERE s.profit > 50000 AND coalesce(s.dividend, 0) = 0;
