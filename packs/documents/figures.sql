-- figure: report.documents
-- title: 制定印发的文件 | Documents issued
-- definition: 登记表中的文件 | documents of the register
-- value: count(*)
-- unit: 件
-- of: documents
SELECT d.title, d._row AS document_row
FROM documents d;
