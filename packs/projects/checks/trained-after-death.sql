-- check: trained-after-death
-- title: 已死亡人员参加培训 | In a training after death
-- level: orange
-- subject: person
-- key: subject, course
-- needs: trainings, deaths
-- opens: worklist
-- ledger: projects
-- owner: 扶贫办
-- due: 60 days
-- basis: 培训经费管理:据实列支 | training money: for those who were there
-- message: {name} 死亡登记为 {died},{held} 登记参加 {course} | {name}, recorded dead on {died}, is listed in {course} on {held}
-- public: course, held
SELECT t.person AS subject, t.course, list(DISTINCT t._row) AS training_rows, list(DISTINCT d._row) AS death_rows, min(t.name) AS name,
       min(d.death_date) AS died, min(t.held) AS held
FROM trainings t
JOIN deaths d ON d.person = t.person AND t.held > d.death_date
GROUP BY t.person, t.course;
