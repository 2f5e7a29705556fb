-- check: stay-after-death
-- title: 死亡之后仍有住院结算 | In hospital after death
-- level: red
-- subject: person
-- key: subject, settle_no
-- needs: inpatient_claims, deaths
-- remedied_by: fund_recoveries
-- opens: issue
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 《医疗保障基金使用监督管理条例》第四十条:伪造医疗文书、虚构医药服务骗取基金 | Regulations on the fund, article 40: invented services
-- message: {name} 死亡登记为 {death_date},{admitted} 又在 {institution} 入院,费用 {cost} 元 | {name} is recorded dead on {death_date} and entered {institution} on {admitted}, at a cost of {cost} yuan
-- public: settle_no, institution, admitted, cost
SELECT c.person AS subject, c.settle_no, c._row AS claim_row, d.death_rows,
       c.name, c.institution, c.admitted, c.cost, d.death_date,
       v.recovery_rows AS remedy_rows, coalesce(v.recovered, 0) >= c.fund AS remedied
FROM inpatient_claims c
JOIN (SELECT person, min(death_date) AS death_date, list(_row) AS death_rows FROM deaths GROUP BY person) d
  ON d.person = c.person AND c.admitted > d.death_date
LEFT JOIN (SELECT settle_no, sum(amount) AS recovered, list(_row) AS recovery_rows
           FROM fund_recoveries WHERE settle_no IS NOT NULL GROUP BY settle_no) v ON v.settle_no = c.settle_no;
