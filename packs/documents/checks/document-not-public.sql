-- check: document-not-public
-- title: 应公开而未公开 | A document that should be public
-- level: yellow
-- subject: register
-- key: subject
-- needs: documents
-- opens: worklist
-- ledger: documents
-- owner: 县委办
-- due: 60 days
-- basis: 《政府信息公开条例》第十九条、第二十条 | Regulations on openness of information, articles 19 and 20
-- message: {title}({doc_no})应公开而未公开 | {title} ({doc_no}) should be public
-- public: title, doc_no
SELECT d._key AS subject, d._row AS document_row, d.title, d.doc_no
FROM documents d
WHERE d.must_public AND NOT d.is_public;
