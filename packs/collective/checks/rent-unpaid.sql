-- check: rent-unpaid
-- title: 承包费没有收齐 | Rent that was not paid
-- level: orange
-- subject: register
-- key: subject
-- needs: collective_contracts
-- opens: worklist
-- ledger: collective
-- owner: 农业农村局
-- due: 60 days
-- basis: 《民法典》第七百二十一条:承租人按期支付租金 | Civil Code, article 721
-- message: {contract_no}({asset})年承包费 {yearly} 元,已收 {paid} 元 | {contract_no} of {asset}: {yearly} yuan a year, {paid} came in
-- public: contract_no, asset, yearly, paid
SELECT c._key AS subject, c._row AS contract_row, c.contract_no, c.asset, c.yearly, c.paid
FROM collective_contracts c
WHERE c.paid < c.yearly AND c.until >= CAST(:as_of AS DATE);
