-- check: reminder-not-answered
-- title: 提醒卡没有答复 | A reminder that was not answered
-- level: yellow
-- subject: register
-- key: subject
-- needs: reminder_cards
-- opens: worklist
-- ledger: teams
-- owner: 组织部
-- due: 60 days
-- basis: 干部驻村帮扶工作提醒卡制度 | the rule on reminder cards
-- message: {village} 的提醒卡 {card_no}({sent})没有答复 | card {card_no} of {sent} to {village} was not answered
-- public: card_no, village, sent
SELECT c._key AS subject, c._row AS card_row, c.card_no, c.village_name AS village, c.sent
FROM reminder_cards c
WHERE coalesce(c.answered, CAST(:as_of AS DATE)) - c.sent > :card_days AND c.answered IS NULL;
