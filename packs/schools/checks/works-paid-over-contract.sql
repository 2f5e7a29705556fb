-- check: works-paid-over-contract
-- title: 支付超过合同 | Paid over the contract
-- level: orange
-- subject: register
-- key: subject
-- needs: school_works
-- opens: worklist
-- ledger: schools
-- owner: 教育局
-- due: 60 days
-- basis: 《政府投资条例》第二十三条:投资原则上不得超过核定概算 | Regulations on public investment, article 23
-- message: {school} {project} 合同 {contract} 元,已付 {paid} 元 | {project} of {school}: contract {contract} yuan, paid {paid}
-- public: school, project, contract, paid
SELECT w._key AS subject, w._row AS works_row, w.school, w.project, w.contract, w.paid
FROM school_works w
WHERE w.paid > w.contract;
