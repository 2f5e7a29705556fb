-- check: relative-benefits-undeclared
-- title: 村干部近亲属受益没有备案 | A relative benefits and it was not declared
-- level: orange
-- subject: person
-- key: subject, programme
-- needs: cadre_relatives, subsidies
-- opens: worklist
-- ledger: inspection
-- owner: 纪委监委
-- due: 60 days
-- basis: 村干部近亲属享受惠民补贴备案制度;以备案表为据,不作推断 | the rule that relatives' benefits are declared; by the register, not by guess
-- message: {village} 村干部的近亲属 {name} 领取{programme},未备案 | {name}, a relative of a cadre of {village}, is paid {programme}; it was not declared
-- public: village, programme
SELECT r.person AS subject, p.programme, list(DISTINCT r._row) AS relative_rows, list(DISTINCT p._row) AS subsidy_rows,
       min(r.name) AS name, min(r.village_name) AS village
FROM cadre_relatives r
JOIN subsidies p ON p.person = r.person AND p.result = '成功'
WHERE NOT r.declared AND p.programme IN ('农村低保', '城市低保', '特困供养', '临时救助')
GROUP BY r.person, p.programme;
