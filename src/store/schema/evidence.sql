-- evidence.sql: what was delivered. Written by src/evidence, read by all behind it.

-- A file as it came; its bytes are originals/DIGEST. State.
CREATE TABLE original (
    digest      TEXT PRIMARY KEY,  -- SM3 of the bytes
    name        TEXT NOT NULL,     -- base name as sent
    size        INTEGER NOT NULL,  -- bytes
    received_at TEXT NOT NULL      -- UTC
) STRICT;

-- One delivered file taken into one register. State; immutable but for being withdrawn.
CREATE TABLE batch (
    batch            INTEGER PRIMARY KEY, -- 1, 2, 3 …: 27 bits of a row's id
    register         TEXT NOT NULL,
    register_version TEXT NOT NULL,       -- digest of the register's declaration
    identity         TEXT NOT NULL,       -- SM3 of (file's digest, register, version, mapping)
    original         TEXT NOT NULL REFERENCES original,
    file             TEXT NOT NULL,       -- base name as sent
    sheets           TEXT NOT NULL,       -- JSON: [{no, sheet, mapping[], account{}}] as `import --json` gives
    sender           TEXT,                -- unit, or NULL when unknown
    as_of            TEXT NOT NULL,       -- YYYY-MM-DD
    as_of_from       TEXT NOT NULL CHECK (as_of_from IN ('flag', 'title', 'file', 'column')),
    period           TEXT NOT NULL,       -- of the batch as a whole, '' if rows carry their own or it has none
    parquet          TEXT NOT NULL,       -- file name in evidence/
    parquet_digest   TEXT NOT NULL,       -- SM3 of its bytes
    accepted         INTEGER NOT NULL,    -- rows
    quarantined      INTEGER NOT NULL,    -- rows
    corrects         INTEGER REFERENCES batch, -- the batch that this one corrects by row address, or NULL
    accepted_entry   INTEGER NOT NULL,    -- journal entry that took it in
    withdrawn_entry  INTEGER,             -- journal entry that withdrew it, or NULL
    withdrawn_why    TEXT
) STRICT;
CREATE UNIQUE INDEX batch_identity ON batch (identity) WHERE withdrawn_entry IS NULL;
CREATE INDEX batch_register ON batch (register, as_of);

-- What a batch holds: it replaces, for its register, these slices of these periods. Events.
CREATE TABLE batch_slice (
    entry  INTEGER NOT NULL,
    batch  INTEGER NOT NULL,
    slice  TEXT NOT NULL,     -- '' for `slice: all`; the sender; or a division code
    period TEXT NOT NULL,     -- '' for state and event registers
    rows   INTEGER NOT NULL,
    PRIMARY KEY (batch, slice, period)
) STRICT, WITHOUT ROWID;
