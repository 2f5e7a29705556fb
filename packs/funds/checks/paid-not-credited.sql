-- check: paid-not-credited
-- title: 已发放而没有到账 | Paid and never credited
-- level: orange
-- subject: person
-- key: subject, programme, month
-- needs: subsidies, bank_credits
-- opens: worklist
-- ledger: funds
-- owner: 财政局
-- due: 60 days
-- basis: 惠民惠农财政补贴资金“一卡通”管理规定:发放到人 | rules on the card of subsidies: to each person
-- message: {name} {month} {programme} 发放 {paid} 元,到账 {credited} 元 | {name} was paid {paid} yuan of {programme} for {month}; {credited} were credited
-- public: programme, month, paid, credited
SELECT p.person AS subject, p.programme, p.month, p.subsidy_rows, c.credit_rows, p.name, p.paid, coalesce(c.credited, 0) AS credited
FROM (SELECT person, programme, month, list(_row) AS subsidy_rows, min(name) AS name, sum(amount) AS paid, max(paid_date) AS last
      FROM subsidies WHERE result = '成功' GROUP BY person, programme, month) p
LEFT JOIN (SELECT person, programme, month, list(_row) AS credit_rows, sum(amount) AS credited
           FROM bank_credits GROUP BY person, programme, month) c
       ON c.person = p.person AND c.programme = p.programme AND c.month = p.month
WHERE p.month IN (SELECT DISTINCT month FROM bank_credits)
  AND (p.last IS NULL OR CAST(:as_of AS DATE) - p.last > :credit_days)
  AND coalesce(c.credited, 0) <> p.paid;
