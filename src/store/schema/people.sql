-- people.sql: who is who. Written by src/people.

-- One run of the linkage that changed something. State.
CREATE TABLE link_run (
    run       INTEGER PRIMARY KEY,  -- the generation: 1, 2, 3 …
    entry     INTEGER NOT NULL,     -- its journal entry
    inputs    TEXT NOT NULL,        -- digest of (batches, decisions, model)
    rows      INTEGER NOT NULL,     -- rows that name somebody
    persons   INTEGER NOT NULL,
    households INTEGER NOT NULL,
    linked    INTEGER NOT NULL      -- rows that share their person with another row
) STRICT;

-- What the county's own numbers taught of how much an agreement says (people/learnt.h). The newest one holds. State.
CREATE TABLE link_model (
    model INTEGER PRIMARY KEY,     -- 1, 2 …
    entry INTEGER NOT NULL,        -- its journal entry
    rows  INTEGER NOT NULL,        -- rows that name somebody, when it was learnt
    pairs INTEGER NOT NULL,        -- pairs of rows of one number that it was learnt from
    text  TEXT NOT NULL            -- canonical JSON: docs/format/linkage.md
) STRICT;

-- Entities and what identifies them. Events; the present is read by replaying them in order.
--   born  entity first seen; key is its anchor
--   key   one more key by which rows of this entity are found again
--   alias `other` is another, younger id that now means this entity
--   split `other` is the entity that the keys which follow were cut from
CREATE TABLE entity_event (
    entry  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,       -- order within the entry
    kind   TEXT NOT NULL CHECK (kind IN ('person', 'household')),
    entity TEXT NOT NULL,          -- P1, P2 … or H1, H2 …: given once, never reused
    event  TEXT NOT NULL CHECK (event IN ('born', 'key', 'alias', 'split')),
    key    TEXT,                   -- HMAC-SM3 in hexadecimal (32 digits) of an ID number or a row key
    other  TEXT,
    PRIMARY KEY (entry, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX entity_event_entity ON entity_event (entity);

-- Statements about two rows, as found by a run. Events.
CREATE TABLE link_event (
    entry   INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('repaired', 'linked', 'conflict', 'review')),
    row_a   INTEGER NOT NULL,      -- row ids
    row_b   INTEGER NOT NULL,
    weight  TEXT,                  -- log2, as decimal text
    parts   TEXT NOT NULL,         -- JSON: [{comparison, level, weight}]
    PRIMARY KEY (entry, seq)
) STRICT, WITHOUT ROWID;

-- What a person decided about two rows, by their keys; no re-run overrides it. State.
CREATE TABLE link_decision (
    decision INTEGER PRIMARY KEY,
    key_a    TEXT NOT NULL,        -- row keys, key_a < key_b, each "register:role:rowkey"
    key_b    TEXT NOT NULL,
    verdict  TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'unknown')), -- unknown: as if nobody had decided
    UNIQUE (key_a, key_b)
) STRICT;
