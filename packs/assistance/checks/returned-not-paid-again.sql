-- check: returned-not-paid-again
-- title: 退票后没有重新发放 | Returned and not paid again
-- level: orange
-- subject: person
-- key: subject, programme, month
-- needs: subsidies
-- opens: worklist
-- ledger: assistance
-- owner: 财政局
-- due: 30 days
-- basis: 惠民惠农财政补贴资金“一卡通”管理规定:发放不成功的,核实信息后及时重新发放 | Rules on the card of subsidies: what is returned is checked and paid again
-- message: {name} {month} 的{programme} {amount} 元于 {paid_date} 退票,至今没有重新发放 | the {programme} of {name} for {month}, {amount} yuan, was returned on {paid_date} and not paid again
-- public: programme, month, amount, paid_date
SELECT p.person AS subject, p.programme, p.month,
       list(p._row) AS subsidy_rows,
       min(p.name) AS name,
       max(p.amount) AS amount,
       min(p.paid_date) AS paid_date
FROM subsidies p
WHERE p.result = '退票'
  AND NOT EXISTS (SELECT 1 FROM subsidies s
                  WHERE s.person = p.person AND s.programme = p.programme AND s.month = p.month AND s.result = '成功')
GROUP BY p.person, p.programme, p.month
HAVING CAST(:as_of AS date) - min(p.paid_date) > :return_days;
