-- 0007-publications.sql: counties from before keep what they publish too: see publication.sql.

CREATE TABLE publication (
    publication INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('list', 'statistics')),
    medium   TEXT NOT NULL CHECK (medium IN ('online', 'paper')),
    as_of    TEXT NOT NULL,
    at_entry INTEGER NOT NULL,
    period   TEXT NOT NULL,
    starts   TEXT NOT NULL,
    ends     TEXT,
    taken    TEXT,
    taken_why TEXT,
    rows     INTEGER NOT NULL,
    shown    TEXT NOT NULL,
    by_user  TEXT NOT NULL
) STRICT;
CREATE INDEX publication_name ON publication (name);
