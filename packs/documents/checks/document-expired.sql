-- check: document-expired
-- title: 过期文件仍列为有效 | An expired document in force
-- level: yellow
-- subject: register
-- key: subject
-- needs: documents
-- opens: worklist
-- ledger: documents
-- owner: 县委办
-- due: 60 days
-- basis: 《党政机关公文处理工作条例》 | Regulations on official documents (2012)
-- message: {title}({doc_no})有效期至 {until},仍列为有效 | {title} ({doc_no}) was in force to {until} and is still listed
-- public: title, doc_no, until
SELECT d._key AS subject, d._row AS document_row, d.title, d.doc_no, d.until
FROM documents d
WHERE d.in_force AND d.until < CAST(:as_of AS DATE);
