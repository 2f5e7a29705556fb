-- check: contract-too-long
-- title: 承包租赁期限过长 | A contract too long
-- level: yellow
-- subject: register
-- key: subject
-- needs: collective_contracts
-- opens: worklist
-- ledger: collective
-- owner: 农业农村局
-- due: 60 days
-- basis: 《民法典》第七百零五条(耕地家庭承包除外) | Civil Code, article 705
-- message: {contract_no}({asset})自 {since} 至 {until} | {contract_no} of {asset} runs from {since} to {until}
-- public: contract_no, asset, since, until
SELECT c._key AS subject, c._row AS contract_row, c.contract_no, c.asset, c.since, c.until
FROM collective_contracts c
WHERE c.until - c.since > 366 * :contract_years;
