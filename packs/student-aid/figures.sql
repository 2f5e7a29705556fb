-- figure: aid.terms
-- title: 受助花名册学期数 | Terms with aid rosters
-- definition: 2016 年秋季学期至 2019 年春季学期中交了受助学生花名册的学期 | terms from autumn 2016 to spring 2019 whose rosters came
-- value: count(*)
-- unit: 个
-- of: student_aid
SELECT a.term, min(a._row) AS aid_row
FROM student_aid a
WHERE a.term BETWEEN '2016-2' AND '2019-1'
GROUP BY a.term;

-- figure: aid.persons
-- title: 受助学生总人数 | Pupils aided
-- definition: 2016 年秋季学期至 2019 年春季学期受助学生,一人只计一次 | pupils aided from autumn 2016 to spring 2019, each counted once
-- value: count(*)
-- unit: 人
-- of: student_aid
SELECT a.person, min(a._row) AS aid_row
FROM student_aid a
WHERE a.term BETWEEN '2016-2' AND '2019-1'
GROUP BY a.person;

-- figure: aid.amount
-- title: 资助总金额 | Aid paid
-- definition: 2016 年秋季学期至 2019 年春季学期各项目资助金额之和 | sum over all programmes from autumn 2016 to spring 2019
-- value: sum(amount)
-- unit: 万元
-- round: 2
-- unit_power: 4
-- of: student_aid
SELECT a.amount, a._row AS aid_row
FROM student_aid a
WHERE a.term BETWEEN '2016-2' AND '2019-1';

-- figure: aid.persons_2016_autumn
-- title: 2016 年秋季学期受助学生 | Pupils aided in autumn 2016
-- definition: 2016 年秋季学期花名册中的学生,一人只计一次 | pupils on the roster of autumn 2016, each counted once
-- value: count(*)
-- unit: 人
-- of: student_aid
SELECT a.person, min(a._row) AS aid_row
FROM student_aid a
WHERE a.term = '2016-2'
GROUP BY a.person;

-- figure: aid.amount_2016_autumn
-- title: 2016 年秋季学期资助金额 | Aid paid in autumn 2016
-- definition: 2016 年秋季学期花名册各项目金额之和 | sum of the roster of autumn 2016
-- value: sum(amount)
-- unit: 万元
-- round: 2
-- unit_power: 4
-- of: student_aid
SELECT a.amount, a._row AS aid_row
FROM student_aid a
WHERE a.term = '2016-2';

-- figure: aid.persons_2017_spring
-- title: 2017 年春季学期受助学生 | Pupils aided in spring 2017
-- definition: 2017 年春季学期花名册中的学生,一人只计一次 | pupils on the roster of spring 2017, each counted once
-- value: count(*)
-- unit: 人
-- of: student_aid
SELECT a.person, min(a._row) AS aid_row
FROM student_aid a
WHERE a.term = '2017-1'
GROUP BY a.person;

-- figure: aid.amount_2017_spring
-- title: 2017 年春季学期资助金额 | Aid paid in spring 2017
-- definition: 2017 年春季学期花名册各项目金额之和 | sum of the roster of spring 2017
-- value: sum(amount)
-- unit: 万元
-- round: 2
-- unit_power: 4
-- of: student_aid
SELECT a.amount, a._row AS aid_row
FROM student_aid a
WHERE a.term = '2017-1';

-- figure: aid.persons_2017_autumn
-- title: 2017 年秋季学期受助学生 | Pupils aided in autumn 2017
-- definition: 2017 年秋季学期花名册中的学生,一人只计一次 | pupils on the roster of autumn 2017, each counted once
-- value: count(*)
-- unit: 人
-- of: student_aid
SELECT a.person, min(a._row) AS aid_row
FROM student_aid a
WHERE a.term = '2017-2'
GROUP BY a.person;

-- figure: aid.amount_2017_autumn
-- title: 2017 年秋季学期资助金额 | Aid paid in autumn 2017
-- definition: 2017 年秋季学期花名册各项目金额之和 | sum of the roster of autumn 2017
-- value: sum(amount)
-- unit: 万元
-- round: 2
-- unit_power: 4
-- of: student_aid
SELECT a.amount, a._row AS aid_row
FROM student_aid a
WHERE a.term = '2017-2';

-- figure: aid.persons_2018_spring
-- title: 2018 年春季学期受助学生 | Pupils aided in spring 2018
-- definition: 2018 年春季学期花名册中的学生,一人只计一次 | pupils on the roster of spring 2018, each counted once
-- value: count(*)
-- unit: 人
-- of: student_aid
SELECT a.person, min(a._row) AS aid_row
FROM student_aid a
WHERE a.term = '2018-1'
GROUP BY a.person;

-- figure: aid.amount_2018_spring
-- title: 2018 年春季学期资助金额 | Aid paid in spring 2018
-- definition: 2018 年春季学期花名册各项目金额之和 | sum of the roster of spring 2018
-- value: sum(amount)
-- unit: 万元
-- round: 2
-- unit_power: 4
-- of: student_aid
SELECT a.amount, a._row AS aid_row
FROM student_aid a
WHERE a.term = '2018-1';

-- figure: aid.persons_2018_autumn
-- title: 2018 年秋季学期受助学生 | Pupils aided in autumn 2018
-- definition: 2018 年秋季学期花名册中的学生,一人只计一次 | pupils on the roster of autumn 2018, each counted once
-- value: count(*)
-- unit: 人
-- of: student_aid
SELECT a.person, min(a._row) AS aid_row
FROM student_aid a
WHERE a.term = '2018-2'
GROUP BY a.person;

-- figure: aid.amount_2018_autumn
-- title: 2018 年秋季学期资助金额 | Aid paid in autumn 2018
-- definition: 2018 年秋季学期花名册各项目金额之和 | sum of the roster of autumn 2018
-- value: sum(amount)
-- unit: 万元
-- round: 2
-- unit_power: 4
-- of: student_aid
SELECT a.amount, a._row AS aid_row
FROM student_aid a
WHERE a.term = '2018-2';

-- figure: aid.persons_2019_spring
-- title: 2019 年春季学期受助学生 | Pupils aided in spring 2019
-- definition: 2019 年春季学期花名册中的学生,一人只计一次 | pupils on the roster of spring 2019, each counted once
-- value: count(*)
-- unit: 人
-- of: student_aid
SELECT a.person, min(a._row) AS aid_row
FROM student_aid a
WHERE a.term = '2019-1'
GROUP BY a.person;

-- figure: aid.amount_2019_spring
-- title: 2019 年春季学期资助金额 | Aid paid in spring 2019
-- definition: 2019 年春季学期花名册各项目金额之和 | sum of the roster of spring 2019
-- value: sum(amount)
-- unit: 万元
-- round: 2
-- unit_power: 4
-- of: student_aid
SELECT a.amount, a._row AS aid_row
FROM student_aid a
WHERE a.term = '2019-1';

-- figure: aid.refund_persons
-- title: 已退款学生 | Pupils who paid back
-- definition: 退款登记中的学生,一人只计一次 | pupils in the register of refunds, each counted once
-- value: count(*)
-- unit: 人
-- of: aid_refunds
SELECT r.person, min(r._row) AS refund_row
FROM aid_refunds r
GROUP BY r.person;

-- figure: aid.refunded
-- title: 已退款金额 | Paid back
-- definition: 退款登记金额之和 | sum of the register of refunds
-- value: sum(amount)
-- unit: 元
-- round: 2
-- of: aid_refunds
SELECT r.amount, r._row AS refund_row
FROM aid_refunds r;

-- figure: aid.refunds_ordered
-- title: 责令退款金额 | Ordered to be paid back
-- definition: 责令退款通知登记金额之和 | sum of the register of orders
-- value: sum(amount)
-- unit: 元
-- round: 2
-- of: aid_refund_orders
SELECT o.amount, o._row AS order_row
FROM aid_refund_orders o;

-- figure: aid.all_refunded
-- title: 责令退款全部退清 | All ordered refunds paid
-- definition: 已退金额不足应退金额的通知(没有例外,说法才成立) | orders against which less came in than was ordered; the claim holds where there is none
-- value: exceptions
-- unit: 件
-- of: aid_refund_orders
SELECT o.order_no, o.name, o.amount, o._row AS order_row
FROM aid_refund_orders o
LEFT JOIN (SELECT person, term, programme, sum(amount) AS paid_back
           FROM aid_refunds GROUP BY person, term, programme) r
       ON r.person = o.person AND r.term = o.term AND r.programme = o.programme
WHERE coalesce(r.paid_back, 0) < o.amount;
