-- check: rectified-by-document-alone
-- title: 仅以发文整改 | Rectified by a document alone
-- level: yellow
-- subject: register
-- key: subject
-- needs: harm_items, documents
-- opens: worklist
-- ledger: documents
-- owner: 县委办
-- due: 60 days
-- basis: 审计常用口径:发文不等于整改到位 | audit practice: issuing a document is not rectifying
-- message: {unit} 的问题 {item_no} 以文件 {doc_no} 为唯一佐证 | the only evidence of item {item_no} of {unit} is the document {doc_no}
-- public: item_no, unit, doc_no
SELECT h._key AS subject, min(h._row) AS item_row, min(d._row) AS document_row, min(h.item_no) AS item_no, min(h.unit) AS unit, min(d.doc_no) AS doc_no
FROM harm_items h
JOIN documents d ON d.doc_no = h.evidence
WHERE h.rectified IS NOT NULL
GROUP BY h._key;
