-- check: work-without-keeper
-- title: 灌溉设施没有管护人 | A work without a keeper
-- level: yellow
-- subject: register
-- key: subject
-- needs: irrigation_works
-- opens: worklist
-- ledger: irrigation
-- owner: 水利局
-- due: 60 days
-- basis: 《农田水利条例》第十九条、第二十条 | Regulations on farmland irrigation, articles 19 and 20
-- message: {work} 没有登记管护人 | {work} has no keeper
-- public: work
SELECT w._key AS subject, w._row AS work_row, w.work
FROM irrigation_works w
WHERE w.keeper IS NULL;
