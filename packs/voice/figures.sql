-- figure: voice.received
-- title: 收到群众诉求 | Complaints received
-- definition: 登记的诉求 | complaints on record
-- value: count(*)
-- unit: 件
-- of: complaints
SELECT c.receipt, c._row AS complaint_row
FROM complaints c;

-- figure: voice.answered
-- title: 已答复 | Answered
-- definition: 有答复日期的诉求 | complaints with an answer
-- value: count(*)
-- unit: 件
-- of: complaints
SELECT c.receipt, c._row AS complaint_row
FROM complaints c
WHERE c.answered IS NOT NULL;

-- figure: voice.in_time
-- title: 按期答复 | Answered in time
-- definition: 受理后 60 日内答复的诉求 | complaints answered within sixty days
-- value: count(*)
-- unit: 件
-- of: complaints
SELECT c.receipt, c._row AS complaint_row
FROM complaints c
WHERE c.answered IS NOT NULL AND c.answered - c.accepted <= 60;

-- figure: voice.satisfied
-- title: 满意和基本满意 | Satisfied
-- definition: 评价为满意或基本满意的诉求 | complaints judged satisfied or mostly
-- value: count(*)
-- unit: 件
-- of: complaints
SELECT c.receipt, c._row AS complaint_row
FROM complaints c
WHERE c.satisfied IN ('满意', '基本满意');

-- figure: voice.satisfied_rate
-- title: 满意率 | Share satisfied
-- value: voice.satisfied / voice.answered
-- unit: %
-- round: 1
