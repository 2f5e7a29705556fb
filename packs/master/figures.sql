-- figure: county.villages
-- title: 建制村 | Villages
-- definition: 区划表中的村民委员会,不含居民委员会 | villagers' committees of the table of divisions, without residents' committees
-- value: count(*)
-- unit: 个
SELECT d.code
FROM divisions d
WHERE d.level = 'village' AND substr(d.code, 10, 3) BETWEEN '200' AND '399';
