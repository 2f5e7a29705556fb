-- The county's model of linkage, and links that rest on it.
CREATE TABLE link_model (
    model INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL,
    rows  INTEGER NOT NULL,
    pairs INTEGER NOT NULL,
    text  TEXT NOT NULL
) STRICT;
ALTER TABLE link_event RENAME TO link_event_before;
CREATE TABLE link_event (
    entry   INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('repaired', 'linked', 'conflict', 'review')),
    row_a   INTEGER NOT NULL,
    row_b   INTEGER NOT NULL,
    weight  TEXT,
    parts   TEXT NOT NULL,
    PRIMARY KEY (entry, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO link_event SELECT entry, seq, verdict, row_a, row_b, weight, parts FROM link_event_before;
DROP TABLE link_event_before;
