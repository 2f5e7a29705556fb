-- check: secretary-review-missing
-- title: 书记没有联审或联审过期 | No joint review, or an old one
-- level: orange
-- subject: division
-- key: subject
-- needs: secretaries
-- opens: worklist
-- ledger: party
-- owner: 组织部
-- due: 60 days
-- basis: 村“两委”成员县级联审机制:只登记是否通过和日期 | joint review: only yes or no and its date
-- message: {village_name} 书记联审:{reviewed} | joint review of the secretary of {village_name}: {reviewed}
-- public: village_name, reviewed
SELECT s.village AS subject, s._row AS secretary_row, s.village_name,
       CASE WHEN s.reviewed IS NULL THEN '无记录' WHEN NOT coalesce(s.review_ok, false) THEN '未通过' ELSE CAST(s.reviewed AS VARCHAR) END AS reviewed
FROM secretaries s
WHERE s.reviewed IS NULL OR NOT coalesce(s.review_ok, false)
   OR CAST(:as_of AS DATE) - s.reviewed > 366 * :review_years;
