-- check: subsidy-paid-twice
-- title: 同月同项目重复发放补贴 | One subsidy paid twice in a month
-- level: orange
-- subject: person
-- key: subject, programme, month
-- needs: subsidies
-- remedied_by: subsidy_recoveries
-- opens: issue
-- ledger: assistance
-- owner: 财政局
-- due: 30 days
-- basis: 惠民惠农财政补贴资金“一卡通”管理规定:同一项目同一期按一份标准发放 | Rules on the card of subsidies: one standard for a programme and period
-- message: {name} {month} 的{programme}发放 {times} 次,多发 {excess} 元 | {name} was paid {programme} for {month} {times} times, {excess} yuan too much
-- public: programme, month, times, excess
SELECT p.person AS subject, p.programme, p.month,
       list(p._row) AS subsidy_rows,
       min(p.name) AS name,
       count(*) AS times,
       sum(p.amount) - max(p.amount) AS excess,
       r.recovery_rows AS remedy_rows,
       coalesce(r.recovered, 0) >= sum(p.amount) - max(p.amount) AS remedied
FROM subsidies p
LEFT JOIN (SELECT person, programme, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM subsidy_recoveries GROUP BY person, programme) r
       ON r.person = p.person AND r.programme = p.programme
WHERE p.result = '成功' AND p.programme <> '临时救助'
GROUP BY p.person, p.programme, p.month, r.recovery_rows, r.recovered
HAVING count(*) > 1;
