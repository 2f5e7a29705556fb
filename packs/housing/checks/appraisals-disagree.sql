-- check: appraisals-disagree
-- title: 同一房屋两份鉴定结论相反 | Two reports for one house that disagree
-- level: orange
-- subject: person
-- key: subject, year
-- needs: housing_appraisals
-- opens: worklist
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 《农村住房安全性鉴定技术导则》(建村函〔2019〕200号) | Guidelines on appraising rural houses (2019)
-- message: {name} 的住房 {year} 年有两份鉴定报告:{reports},等级为 {grades} | the house of {name} has two reports in {year}: {reports}, graded {grades}
-- public: year, reports, grades
SELECT a.person AS subject, substr(CAST(a.appraised AS varchar), 1, 4) AS year,
       list(a._row) AS appraisal_rows,
       min(a.name) AS name,
       string_agg(a.report_no, '、' ORDER BY a.report_no) AS reports,
       string_agg(a.grade, '、' ORDER BY a.report_no) AS grades
FROM housing_appraisals a
GROUP BY a.person, substr(CAST(a.appraised AS varchar), 1, 4)
-- A and B both let it stand, C and D both ask for work: only between them is it a contradiction.
HAVING count(*) FILTER (WHERE a.grade IN ('A', 'B')) > 0 AND count(*) FILTER (WHERE a.grade IN ('C', 'D')) > 0;
