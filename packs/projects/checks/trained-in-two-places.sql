-- check: trained-in-two-places
-- title: 同一天参加两个培训 | In two trainings on a day
-- level: yellow
-- subject: person
-- key: subject, held
-- needs: trainings
-- opens: worklist
-- ledger: projects
-- owner: 扶贫办
-- due: 60 days
-- basis: 培训经费管理:据实列支 | training money: for those who were there
-- message: {name} {held} 同时登记在 {courses} | {name} is listed in {courses} on {held}
-- public: held, courses
SELECT t.person AS subject, t.held, list(t._row) AS training_rows, min(t.name) AS name, string_agg(DISTINCT t.course, '、' ORDER BY t.course) AS courses
FROM trainings t
GROUP BY t.person, t.held
HAVING count(DISTINCT t.course) > 1;
