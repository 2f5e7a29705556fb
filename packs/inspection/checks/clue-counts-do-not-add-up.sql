-- check: clue-counts-do-not-add-up
-- title: 线索数量前后矛盾 | Counts of clues that contradict
-- level: orange
-- subject: register
-- key: subject
-- needs: clue_counts
-- opens: worklist
-- ledger: inspection
-- owner: 纪委监委
-- due: 60 days
-- basis: 《纪律检查机关监督执纪工作规则》:处置与办结分别统计 | Rules on discipline work: disposed and closed are counted apart
-- message: {month} {kind}线索受理 {received} 件、处置 {disposed} 件、办结 {closed} 件 | {kind} of {month}: {received} received, {disposed} disposed of, {closed} closed
-- public: month, kind, received, disposed, closed
SELECT c._key AS subject, c._row AS count_row, c.month, c.kind, c.received, c.disposed, c.closed
FROM clue_counts c
WHERE c.disposed > c.received OR c.closed > c.disposed;
