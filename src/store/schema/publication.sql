-- publication.sql: what the county published. Written by src/report.

-- A name list that the law asks for, or statistics; the two never mix. State; no personal data: a list is made
-- again from (as_of, at_entry, period) for as long as it stands.
CREATE TABLE publication (
    publication INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,           -- as declared in a pack's publications.yaml
    kind     TEXT NOT NULL CHECK (kind IN ('list', 'statistics')),
    medium   TEXT NOT NULL CHECK (medium IN ('online', 'paper')), -- paper: never on a site
    as_of    TEXT NOT NULL,           -- YYYY-MM-DD
    at_entry INTEGER NOT NULL,        -- what the journal knew
    period   TEXT NOT NULL,           -- of a list: the register's period, '' for all
    starts   TEXT NOT NULL,           -- YYYY-MM-DD
    ends     TEXT,                    -- its last day; NULL: statistics stand until they are taken down
    taken    TEXT,                    -- the day it was taken down before its end
    taken_why TEXT,
    rows     INTEGER NOT NULL,        -- names of a list, parts of statistics
    shown    TEXT NOT NULL,           -- statistics: JSON [[division code, '' or 'total'; number as printed or null; is it the
                                      -- number of the publication before], …]
    by_user  TEXT NOT NULL
) STRICT;
CREATE INDEX publication_name ON publication (name);
