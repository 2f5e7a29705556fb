-- check: account-of-many-households
-- title: 一个账户收取多户补贴 | One account takes the subsidies of several households
-- level: yellow
-- subject: register
-- key: subject
-- needs: subsidies, residents
-- opens: worklist
-- ledger: assistance
-- owner: 财政局
-- due: 30 days
-- basis: 惠民惠农财政补贴资金“一卡通”管理规定:一户一卡或一人一卡 | Rules on the card of subsidies: one card for a household or person
-- message: 一个账户(尾号 {tail})收取 {households} 户 {people} 人的补贴 {amount} 元 | one account (ending in {tail}) took {amount} yuan for {people} persons of {households} households
-- public: tail, households, people, amount
SELECT min(p._key) AS subject,
       list(DISTINCT p._row) AS subsidy_rows,
       substr(p.account, length(p.account) - 3, 4) AS tail,
       count(DISTINCT r.household_no) AS households,
       count(DISTINCT p.person) AS people,
       sum(p.amount) AS amount
FROM subsidies p
JOIN (SELECT DISTINCT person, household_no FROM residents WHERE status = '正常') r ON r.person = p.person
WHERE p.account IS NOT NULL
GROUP BY p.account
HAVING count(DISTINCT r.household_no) >= :shared_households;
