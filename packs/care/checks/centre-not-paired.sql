-- check: centre-not-paired
-- title: 照料中心没有结对 | A centre without a partner
-- level: yellow
-- subject: register
-- key: subject
-- needs: care_centres
-- opens: worklist
-- ledger: care
-- owner: 民政局
-- due: 60 days
-- basis: 县老年人日间照料中心运营管理试行办法 | the county's trial measures on day-care centres
-- message: {centre} 没有结对社会组织 | {centre} is paired with nobody
-- public: centre
SELECT c._key AS subject, c._row AS centre_row, c.centre
FROM care_centres c
WHERE c.pair IS NULL;
