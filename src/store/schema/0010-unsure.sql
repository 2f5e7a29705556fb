-- 0010-unsure.sql: who looks at two rows may be unsure, and take a decision back: see people.sql.

CREATE TABLE link_decision_new (
    decision INTEGER PRIMARY KEY,
    key_a    TEXT NOT NULL,
    key_b    TEXT NOT NULL,
    verdict  TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'unknown')),
    UNIQUE (key_a, key_b)
) STRICT;
INSERT INTO link_decision_new SELECT decision, key_a, key_b, verdict FROM link_decision;
DROP TABLE link_decision;
ALTER TABLE link_decision_new RENAME TO link_decision;
