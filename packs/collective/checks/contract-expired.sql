-- check: contract-expired
-- title: 合同到期仍在收费 | A contract that expired and runs on
-- level: yellow
-- subject: register
-- key: subject
-- needs: collective_contracts
-- opens: worklist
-- ledger: collective
-- owner: 农业农村局
-- due: 60 days
-- basis: 到期应重新议定,履行“四议两公开” | to be agreed anew by the village
-- message: {contract_no}({asset})已于 {until} 到期,本年仍收 {paid} 元 | {contract_no} of {asset} expired on {until}; {paid} yuan came in this year
-- public: contract_no, asset, until, paid
SELECT c._key AS subject, c._row AS contract_row, c.contract_no, c.asset, c.until, c.paid
FROM collective_contracts c
WHERE c.until < CAST(:as_of AS DATE) AND c.paid > 0 AND date_part('year', c.until) < date_part('year', CAST(:as_of AS DATE));
