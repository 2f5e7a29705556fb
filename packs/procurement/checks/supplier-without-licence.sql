-- check: supplier-without-licence
-- title: 中标人当日没有有效资质 | A supplier without a licence on the day
-- level: orange
-- subject: register
-- key: subject
-- needs: procurements, bidders
-- opens: worklist
-- ledger: procurement
-- owner: 财政局
-- due: 60 days
-- basis: 《政府采购法》第二十二条:具备履行合同的能力 | Government Procurement Law, article 22
-- message: {title} 中标人 {supplier} 资质至 {licensed_to},{awarded} 中标 | {supplier} won {title} on {awarded}; its licence ran to {licensed_to}
-- public: title, supplier, licensed_to, awarded
SELECT p._key AS subject, min(p._row) AS procurement_row, list(b._row) AS bidder_rows, min(p.title) AS title, min(p.supplier) AS supplier,
       coalesce(CAST(max(b.licensed_to) AS VARCHAR), '无') AS licensed_to, min(p.awarded) AS awarded
FROM procurements p
JOIN bidders b ON b.buy_no = p.buy_no AND b.bidder = p.supplier
WHERE b.licensed_to IS NULL OR b.licensed_to < p.awarded
GROUP BY p._key;
