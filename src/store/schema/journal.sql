-- journal.sql: what is known of every change, and who may make one.
--
-- A state table holds the present; the journal holds how it came to be.  Each change of a state row
-- is one entry with the row's new image.  What comes in bulk goes to an event table whose rows carry
-- the entry's number; the entry holds their count and digest, and the present is a view over them.

-- Settings of this file. schema: its version. secret: 32 bytes in hexadecimal, the key of row keys
-- and finding keys (HMAC-SM3); made once by `new`, never printed.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- The log. Nothing is ever updated or deleted here.
CREATE TABLE journal (
    entry INTEGER PRIMARY KEY,   -- 1, 2, 3 … without a gap; its leaf's index is entry - 1
    body  TEXT NOT NULL,         -- canonical JSON (RFC 8785): see docs/format/journal.md
    leaf  BLOB NOT NULL,         -- SM3(0x00 ‖ body), RFC 9162 over SM3
    of_table TEXT NOT NULL,      -- copies of body's table and key (NULL for events): the schema is
    of_key   TEXT                -- not trusted, so no index may call JSON functions
) STRICT;

-- Newest image by row: finds the entries of one row.
CREATE INDEX journal_row ON journal (of_table, of_key);

-- Complete subtrees of the Merkle tree of 2^level leaves. Can be computed from journal, where the leaves are.
CREATE TABLE journal_node (
    level    INTEGER NOT NULL,   -- 4, 8, 12 …
    position INTEGER NOT NULL,   -- 0-based within its level
    hash     BLOB NOT NULL,      -- SM3(0x01 ‖ left ‖ right)
    PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;

-- What the commitments in an entry stand for: SM3(salt ‖ field ‖ value). A value that was erased by
-- order is NULL; the tree still proves the rest.
CREATE TABLE journal_private (
    entry INTEGER NOT NULL REFERENCES journal,
    field TEXT NOT NULL,
    salt  BLOB NOT NULL,         -- 16 random bytes
    value TEXT,                  -- canonical JSON of the value
    PRIMARY KEY (entry, field)
) STRICT, WITHOUT ROWID;

-- Signed roots. note: the signed note's text.
CREATE TABLE checkpoint (
    entries INTEGER PRIMARY KEY, -- size of the tree
    root    BLOB NOT NULL,
    note    TEXT NOT NULL
) STRICT;

-- Who acts. State.
CREATE TABLE user (
    user        TEXT PRIMARY KEY,  -- short name: letters, digits, . _ -
    name        TEXT NOT NULL,     -- as signed
    unit        TEXT,              -- REFERENCES unit
    roles       TEXT NOT NULL,     -- JSON array: clerk, cadre, inspector, leader, superior, system, security, audit
    system_user TEXT UNIQUE,       -- the operating system's account that acts as this user, or NULL
    state       TEXT NOT NULL CHECK (state IN ('active', 'closed'))
) STRICT;

-- Departments, offices, townships as senders and owners. State.
CREATE TABLE unit (
    unit      TEXT PRIMARY KEY,    -- its name, as documents write it
    kind      TEXT NOT NULL CHECK (kind IN ('department', 'township', 'village', 'other')),
    division  TEXT,                -- 12-digit code of a township or village
    successor TEXT                 -- the unit that took over its duties, or NULL
) STRICT;

-- county.yaml and packs as used: every version in originals/. State.
CREATE TABLE config (
    path   TEXT PRIMARY KEY,       -- "county.yaml", "divisions.tsv", "pack/NAME", "secret" (of meta), "key" (a signer)
    digest TEXT NOT NULL           -- SM3 of the file, the pack or the secret; of "key" the public key itself
) STRICT;

-- The journals of others whose signed roots this one keeps. State; every root that was taken is an entry.
CREATE TABLE witness (
    origin  TEXT PRIMARY KEY,          -- which journal: "taizhang/140430/5444e364f0d197f6"
    name    TEXT NOT NULL UNIQUE,      -- what it is called here
    key     TEXT NOT NULL,             -- the point that signs, in hexadecimal
    entries INTEGER NOT NULL,          -- of the newest checkpoint that agrees with all before it
    note    TEXT NOT NULL,             -- its text
    refused TEXT                       -- the newest signed checkpoint that does not agree with it, or NULL
) STRICT;

-- What was erased by order. State, only ever added to. The values are gone; that they were there is proven still.
CREATE TABLE erasure (
    erasure  INTEGER PRIMARY KEY,
    by_order TEXT NOT NULL,           -- the number of the order
    of_table TEXT NOT NULL,           -- a state table; 'finding_event'; 'row' of a batch; 'original'
    of_key   TEXT NOT NULL,           -- its row's key; the finding; the row's id; the digest
    field    TEXT NOT NULL,           -- the personal column; '' for a row or a file
    entry    INTEGER NOT NULL         -- this erasure's: what was written up to it is gone
) STRICT;
CREATE INDEX erasure_of ON erasure (of_table, of_key);
