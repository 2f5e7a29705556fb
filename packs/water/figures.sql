-- figure: drink.schemes
-- title: 供水工程 | Schemes
-- definition: 台账中的供水工程 | schemes of the register
-- value: count(*)
-- unit: 处
-- of: water_schemes
SELECT s.scheme, s._row AS scheme_row
FROM water_schemes s;

-- figure: drink.households
-- title: 登记饮水的户 | Households with water
-- definition: 饮水登记表中的户主,一户只计一次 | heads of the register, each once
-- value: count(*)
-- unit: 户
-- of: water_users
SELECT w.person, min(w._row) AS user_row
FROM water_users w
GROUP BY w.person;

-- figure: drink.poor_all
-- title: 贫困户饮水全部有保障 | Every poor household has water
-- definition: 最近一年名册中没有饮水登记的户(没有例外,说法才成立) | listed households without water on record; the claim holds where there is none
-- value: exceptions
-- unit: 户
-- of: water_users
SELECT p.household_no, min(p._row) AS poverty_row
FROM poverty_list p
LEFT JOIN water_users w ON w.person = p.person
WHERE p._period = (SELECT max(l._period) FROM poverty_list l)
GROUP BY p.household_no
HAVING count(w._row) = 0;
