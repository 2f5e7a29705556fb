-- check: fund-share-too-high
-- title: 基金支付比例过高 | The fund paid an unusual share
-- level: yellow
-- subject: register
-- key: subject
-- needs: inpatient_claims
-- opens: worklist
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 统筹区住院报销比例(参数,县里自定) | the scheme's rates (a parameter)
-- message: {institution} 结算单 {settle_no} 总费用 {cost} 元,基金支付 {fund} 元,占 {percent}% | settlement {settle_no} of {institution}: the fund paid {fund} of {cost} yuan, {percent} %
-- public: institution, settle_no, cost, fund, percent
SELECT c._key AS subject, c._row AS claim_row, c.institution, c.settle_no, c.cost, c.fund,
       CAST(c.fund * 100 / nullif(c.cost, 0) AS DECIMAL(8,1)) AS percent
FROM inpatient_claims c
WHERE c.cost > 0 AND c.fund <= c.cost AND c.fund > c.cost * :fund_share;
