-- check: name-id-disagree
-- title: 同一身份号码在两本名册中姓名不同 | One ID number, two names in two registers
-- level: yellow
-- subject: register
-- key: subject, year
-- needs: residents, poverty_list
-- opens: worklist
-- ledger: population
-- owner: 扶贫办
-- due: 30 days
-- basis: 扶贫对象信息采集口径:姓名、证件号码与户口簿、身份证一致 | Definitions of the poverty register: name and number as on the identity card
-- message: 身份号码相同,人口底册为 {resident_name},{year} 年建档立卡名册为 {listed_name} | the same ID number: {resident_name} among the residents, {listed_name} on the poverty list of {year}
-- public: year
SELECT p._key AS subject, p._period AS year,
       list(DISTINCT r._row) AS resident_rows,
       list(DISTINCT p._row) AS poverty_rows,
       min(r.name) AS resident_name, min(p.name) AS listed_name
FROM residents r
JOIN poverty_list p ON p.id = r.id
-- A space in the name, "(户主)" behind it or a traditional character make no other name.
WHERE r.id IS NOT NULL
  AND translate(regexp_replace(r.name, '[ 　]|[（(].*$|户主$', '', 'g'), '張劉陳楊趙吳孫馬衛鄭韓許鄧蕭馮傑紅國華蘭鳳龍強偉軍麗東雲榮愛貴蓮貞慶興順義寶銀鳴闊衆堅敏', '张刘陈杨赵吴孙马卫郑韩许邓萧冯杰红国华兰凤龙强伟军丽东云荣爱贵莲贞庆兴顺义宝银鸣阔众坚敏')
   <> translate(regexp_replace(p.name, '[ 　]|[（(].*$|户主$', '', 'g'), '張劉陳楊趙吳孫馬衛鄭韓許鄧蕭馮傑紅國華蘭鳳龍強偉軍麗東雲榮愛貴蓮貞慶興順義寶銀鳴闊衆堅敏', '张刘陈杨赵吴孙马卫郑韩许邓萧冯杰红国华兰凤龙强伟军丽东云荣爱贵莲贞庆兴顺义宝银鸣阔众坚敏')
GROUP BY p._key, p._period;
