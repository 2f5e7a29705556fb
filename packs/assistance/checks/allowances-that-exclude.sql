-- check: allowances-that-exclude
-- title: 同月领取互斥的救助 | Two kinds of assistance that exclude each other
-- level: orange
-- subject: person
-- key: subject, month
-- needs: subsidies
-- remedied_by: subsidy_recoveries
-- opens: issue
-- ledger: assistance
-- owner: 民政局
-- due: 30 days
-- basis: 《特困人员认定办法》(民发〔2016〕178号):纳入特困供养的不再适用最低生活保障;城乡低保不得重复享受 | Measures on recognising the destitute (2016): no minimum allowance beside it; not both the rural and the urban one
-- message: {name} {month} 同时领取 {programmes} | {name} was paid {programmes} for {month}
-- public: month, programmes
SELECT p.person AS subject, p.month,
       list(p._row) AS subsidy_rows,
       min(p.name) AS name,
       string_agg(DISTINCT p.programme, '、' ORDER BY p.programme) AS programmes,
       r.recovery_rows AS remedy_rows,
       coalesce(r.recovered, 0) >= min(p.amount) AS remedied
FROM subsidies p
LEFT JOIN (SELECT person, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM subsidy_recoveries WHERE programme IN ('农村低保', '城市低保', '特困供养') GROUP BY person) r
       ON r.person = p.person
WHERE p.result = '成功' AND p.programme IN ('农村低保', '城市低保', '特困供养')
GROUP BY p.person, p.month, r.recovery_rows, r.recovered
HAVING count(DISTINCT p.programme) > 1;
