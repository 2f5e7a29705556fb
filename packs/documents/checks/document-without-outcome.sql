-- check: document-without-outcome
-- title: 文件印发后没有落实情况 | A document nothing came of
-- level: yellow
-- subject: register
-- key: subject
-- needs: documents
-- opens: worklist
-- ledger: documents
-- owner: 县委办
-- due: 60 days
-- basis: 《党政机关公文处理工作条例》 | Regulations on official documents (2012)
-- message: {title}({doc_no})于 {issued} 印发,没有落实情况 | nothing is recorded of {title} ({doc_no}) issued on {issued}
-- public: title, doc_no, issued
SELECT d._key AS subject, d._row AS document_row, d.title, d.doc_no, d.issued
FROM documents d
WHERE d.outcome IS NULL AND CAST(:as_of AS DATE) - d.issued > :carry_days;
