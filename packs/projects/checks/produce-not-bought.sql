-- check: produce-not-bought
-- title: 订单产品没有收购 | Contracted produce was not bought
-- level: yellow
-- subject: person
-- key: subject, contract_no
-- needs: produce_contracts
-- opens: worklist
-- ledger: projects
-- owner: 扶贫办
-- due: 60 days
-- basis: 订单合同约定 | the contract
-- message: {name} 与 {buyer} 约定收购{crop} {kg} 公斤,已收购 {bought} 公斤 | {buyer} agreed to buy {kg} kg of {crop} from {name} and bought {bought}
-- public: contract_no, buyer, crop, kg, bought
SELECT c.person AS subject, c.contract_no, list(c._row) AS contract_rows, min(c.name) AS name, min(c.buyer) AS buyer, min(c.crop) AS crop,
       max(c.kg) AS kg, max(c.bought) AS bought
FROM produce_contracts c
WHERE c.due < CAST(:as_of AS DATE) AND c.bought < c.kg * :produce_share
GROUP BY c.person, c.contract_no;
