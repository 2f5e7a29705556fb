-- figure: warn.red
-- title: 红色预警户 | Red warnings
-- definition: 登记为红色、尚未消除的监测户 | watched households of that level
-- value: count(*)
-- unit: 户
-- of: monitored
SELECT m.person, list(m._row) AS monitored_rows
FROM monitored m
WHERE m.level = '红' AND m.ended IS NULL
GROUP BY m.person;

-- figure: warn.orange
-- title: 橙色预警户 | Orange warnings
-- definition: 登记为橙色、尚未消除的监测户 | watched households of that level
-- value: count(*)
-- unit: 户
-- of: monitored
SELECT m.person, list(m._row) AS monitored_rows
FROM monitored m
WHERE m.level = '橙' AND m.ended IS NULL
GROUP BY m.person;

-- figure: warn.yellow
-- title: 黄色预警户 | Yellow warnings
-- definition: 登记为黄色、尚未消除的监测户 | watched households of that level
-- value: count(*)
-- unit: 户
-- of: monitored
SELECT m.person, list(m._row) AS monitored_rows
FROM monitored m
WHERE m.level = '黄' AND m.ended IS NULL
GROUP BY m.person;

-- figure: warn.watched
-- title: 监测户 | Households watched
-- definition: 尚未消除风险的监测户 | watched households
-- value: count(*)
-- unit: 户
-- of: monitored
SELECT m.person, list(m._row) AS monitored_rows
FROM monitored m
WHERE m.ended IS NULL
GROUP BY m.person;

-- figure: warn.helped
-- title: 已落实帮扶 | Helped
-- definition: 尚未消除风险、已有帮扶措施的户 | watched households with help
-- value: count(*)
-- unit: 户
-- of: monitored
SELECT m.person, list(m._row) AS monitored_rows
FROM monitored m
WHERE m.ended IS NULL AND m.helped IS NOT NULL
GROUP BY m.person;

-- figure: warn.helped_share
-- title: 帮扶落实率 | Share helped
-- value: warn.helped / warn.watched
-- unit: %
-- round: 1

-- figure: warn.five_all
-- title: 五策同享全部落实 | Every due policy is received
-- definition: 符合条件而没有享受的政策(没有例外,说法才成立) | policies due and not received; the claim holds where there is none
-- value: exceptions
-- unit: 项
-- of: five_policies
SELECT f.name, f.policy, f._row AS policy_row
FROM five_policies f
WHERE f.eligible AND NOT f.received;
