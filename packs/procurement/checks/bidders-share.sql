-- check: bidders-share
-- title: 投标人电话、地址或法人相同 | Bidders that share phone, address or officer
-- level: orange
-- subject: register
-- key: subject, first, second
-- needs: bidders
-- opens: worklist
-- ledger: procurement
-- owner: 财政局
-- due: 60 days
-- basis: 《政府采购法实施条例》第七十四条:恶意串通 | Regulations on procurement, article 74: collusion
-- message: {first} 和 {second} 同投 {buy_no},{shared}相同 | {first} and {second} both bid for {buy_no} and share: {shared}
-- public: first, second, buy_no, shared
SELECT a._key AS subject, a.bidder AS first, b.bidder AS second, a._row AS first_row, b._row AS second_row, a.buy_no,
       concat_ws('、', CASE WHEN a.phone = b.phone THEN '电话' END, CASE WHEN a.address = b.address THEN '地址' END, CASE WHEN a.officer = b.officer THEN '法定代表人' END) AS shared
FROM bidders a
JOIN bidders b ON b.buy_no = a.buy_no AND b.bidder > a.bidder
WHERE a.phone = b.phone OR a.address = b.address OR a.officer = b.officer;
