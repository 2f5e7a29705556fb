-- check: staff-without-licence
-- title: 聘用医护人员没有执业证书 | Medical staff without a licence
-- level: orange
-- subject: person
-- key: subject
-- needs: medical_staff
-- opens: worklist
-- ledger: health
-- owner: 卫健局
-- due: 60 days
-- basis: 《医师法》第十三条、《护士条例》第七条:取得执业证书后方可执业 | Law on Doctors, article 13; Regulations on Nurses, article 7
-- message: {institution} {hired} 聘用的 {name} 没有登记执业证书编号 | {name}, hired by {institution} on {hired}, has no licence on record
-- public: institution, hired
SELECT s.person AS subject, list(s._row) AS staff_rows, min(s.name) AS name,
       min(s.institution) AS institution, min(s.hired) AS hired
FROM medical_staff s
WHERE s.licence IS NULL
GROUP BY s.person;
