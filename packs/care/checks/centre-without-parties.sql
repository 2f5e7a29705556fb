-- check: centre-without-parties
-- title: 三个主体没有明确 | Responsible parties not named
-- level: yellow
-- subject: register
-- key: subject
-- needs: care_centres
-- opens: worklist
-- ledger: care
-- owner: 民政局
-- due: 60 days
-- basis: 县老年人日间照料中心运营管理试行办法 | the county's trial measures on day-care centres
-- message: {centre} 没有明确{missing} | {centre} lacks: {missing}
-- public: centre, missing
SELECT c._key AS subject, c._row AS centre_row, c.centre,
       concat_ws('、', CASE WHEN c.operator IS NULL THEN '运营主体' END, CASE WHEN c.service IS NULL THEN '服务主体' END, CASE WHEN c.finance IS NULL THEN '财务主体' END) AS missing
FROM care_centres c
WHERE c.operator IS NULL OR c.service IS NULL OR c.finance IS NULL;
