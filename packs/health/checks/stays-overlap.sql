-- check: stays-overlap
-- title: 同一人两处住院时间重叠 | One person in two hospitals at once
-- level: orange
-- subject: person
-- key: subject, first_no, second_no
-- needs: inpatient_claims
-- remedied_by: fund_recoveries
-- opens: worklist
-- ledger: health
-- owner: 医保局
-- due: 60 days
-- basis: 医保服务协议与《医疗保障基金使用监督管理条例》第十五条、第三十八条 | The service agreements; regulations on the fund, articles 15 and 38
-- message: {name} {from_day} 至 {to_day} 同时在 {first} 和 {second} 住院,重叠 {days} 天 | {name} was in {first} and in {second} at once from {from_day} to {to_day}, {days} days
-- public: first_no, second_no, first, second, from_day, to_day, days
SELECT a.person AS subject, a.settle_no AS first_no, b.settle_no AS second_no,
       a._row AS first_row, b._row AS second_row,
       a.name, a.institution AS first, b.institution AS second,
       b.admitted AS from_day, least(a.discharged, b.discharged) AS to_day,
       least(a.discharged, b.discharged) - b.admitted AS days
FROM inpatient_claims a
JOIN inpatient_claims b ON b.person = a.person AND b.settle_no <> a.settle_no
                       AND (b.admitted > a.admitted OR (b.admitted = a.admitted AND b.settle_no > a.settle_no))
WHERE b.institution <> a.institution
  AND least(a.discharged, b.discharged) - b.admitted > :overlap_days;
