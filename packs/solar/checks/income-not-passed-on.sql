-- check: income-not-passed-on
-- title: 电费到账没有拨付 | Income that was not passed on
-- level: orange
-- subject: register
-- key: subject, month
-- needs: solar_settlements, solar_payments
-- absent: solar_payments
-- opens: worklist
-- ledger: solar
-- owner: 扶贫办
-- due: 60 days
-- basis: 《村级光伏扶贫电站收益分配管理办法》(国开办发〔2017〕61号) | Measures on sharing the income of village stations (2017)
-- message: 电站 {station_no} {month} 电费 {money} 元于 {received} 到账,没有分配记录 | station {station_no}: {money} yuan of {month} came in on {received}; nothing was passed on
-- public: station_no, month, money, received
SELECT t._key AS subject, t.month, t._row AS settlement_row, t.station_no, t.money, t.received
FROM solar_settlements t
WHERE t.received IS NOT NULL AND CAST(:as_of AS DATE) - t.received > :pass_days
  AND NOT EXISTS (SELECT 1 FROM solar_payments p WHERE p.station_no = t.station_no AND p.month = t.month);
