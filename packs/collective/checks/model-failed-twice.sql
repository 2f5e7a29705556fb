-- check: model-failed-twice
-- title: 示范社连续两年不合格 | A model that failed twice
-- level: yellow
-- subject: register
-- key: subject
-- needs: model_coops
-- opens: worklist
-- ledger: collective
-- owner: 农业农村局
-- due: 60 days
-- basis: 示范社动态监测:连续两年不合格取消称号 | monitoring of models: two failures end the title
-- message: {coop}({rank}级)连续两年监测不合格,仍在名录 | {coop} ({rank}) failed two years running and is still listed
-- public: coop, rank
SELECT m._key AS subject, m._row AS model_row, m.coop, m.rank
FROM model_coops m
WHERE m.failed_last AND m.failed_now;
