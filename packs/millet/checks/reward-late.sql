-- check: reward-late
-- title: 举报奖励没有按期兑现 | A reward paid late
-- level: yellow
-- subject: register
-- key: subject
-- needs: millet_reports
-- opens: worklist
-- ledger: millet
-- owner: 市场监管局
-- due: 60 days
-- basis: 沁州黄小米打假举报奖励办法 | the rule on rewards
-- message: 举报 {report_no} 于 {verified} 核实,奖励 {reward} 元没有兑现 | report {report_no} was verified on {verified}; its reward of {reward} yuan is unpaid
-- public: report_no, verified, reward
SELECT r._key AS subject, r._row AS report_row, r.report_no, r.verified, coalesce(r.reward, 0) AS reward
FROM millet_reports r
WHERE r.paid IS NULL AND CAST(:as_of AS DATE) - r.verified > :reward_days;
