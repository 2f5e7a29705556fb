-- figure: coll.measures
-- title: 发展壮大集体经济改革举措 | Measures on the village economy
-- definition: 该文件登记的条款数 | articles of that document
-- value: sum(articles)
-- unit: 条
-- round: 0
-- of: documents
SELECT d.articles, d._row AS document_row
FROM documents d
WHERE d.title LIKE '%集体经济%举措%';

-- figure: report.documents
-- title: 制定印发的文件 | Documents issued
-- definition: 登记表中的文件 | documents of the register
-- value: count(*)
-- unit: 件
-- of: documents
SELECT d.title, d._row AS document_row
FROM documents d;
