-- check: two-pensions
-- title: 同月领取两份养老金 | Two pensions in a month
-- level: orange
-- subject: person
-- key: subject, month
-- needs: subsidies
-- remedied_by: subsidy_recoveries
-- opens: issue
-- ledger: assistance
-- owner: 人社局
-- due: 30 days
-- basis: 《城乡养老保险制度衔接暂行办法》(人社部发〔2014〕17号)第七条:不得同时领取 | Measures on joining the pension systems (2014), article 7: not both at a time
-- message: {name} {month} 同时领取居民养老金和职工养老金,共 {amount} 元 | {name} was paid a resident's and an employee's pension for {month}, {amount} yuan
-- public: month, amount
SELECT p.person AS subject, p.month,
       list(p._row) AS subsidy_rows,
       min(p.name) AS name,
       sum(p.amount) AS amount,
       r.recovery_rows AS remedy_rows,
       coalesce(r.recovered, 0) >= min(p.amount) AS remedied
FROM subsidies p
LEFT JOIN (SELECT person, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM subsidy_recoveries WHERE programme IN ('居民养老金', '职工养老金') GROUP BY person) r
       ON r.person = p.person
WHERE p.result = '成功' AND p.programme IN ('居民养老金', '职工养老金')
GROUP BY p.person, p.month, r.recovery_rows, r.recovered
HAVING count(DISTINCT p.programme) > 1;
