-- check: secretary-not-filed
-- title: 书记没有县级备案 | A secretary not on file
-- level: orange
-- subject: division
-- key: subject
-- needs: secretaries
-- opens: worklist
-- ledger: party
-- owner: 组织部
-- due: 60 days
-- basis: 村党组织书记县级备案管理 | secretaries are filed at the county
-- message: {village_name} 党组织书记没有县级备案 | the secretary of {village_name} is not filed at the county
-- public: village_name
SELECT s.village AS subject, s._row AS secretary_row, s.village_name
FROM secretaries s
WHERE s.filed IS NULL;
