-- check: appraiser-without-licence
-- title: 鉴定机构当日没有有效资质 | Appraised by a firm without a licence
-- level: orange
-- subject: register
-- key: subject
-- needs: housing_appraisals, appraisal_firms
-- opens: issue
-- ledger: housing
-- owner: 住建局
-- due: 60 days
-- basis: 《城市危险房屋管理规定》及鉴定机构资质管理要求:鉴定机构应在资质有效期内开展鉴定 | Rules on dangerous houses: firms appraise while their licence is valid
-- message: {firm} 于 {appraised} 出具鉴定报告 {report_no},当日没有有效资质 | {firm} gave report {report_no} on {appraised} without a valid licence
-- public: firm, appraised, report_no
SELECT a._key AS subject, a._row AS appraisal_row, a.firm, a.appraised, a.report_no
FROM housing_appraisals a
WHERE NOT EXISTS (SELECT 1 FROM appraisal_firms f
                  WHERE f.firm = a.firm AND f.valid_from <= a.appraised AND f.valid_to >= a.appraised);
