-- ledger.sql: problems, and how each was closed. Written by src/ledger.

-- A problem. State.
CREATE TABLE issue (
    issue       INTEGER PRIMARY KEY,  -- 1, 2, 3 …: the number people use
    ledger      TEXT NOT NULL,        -- declared by a pack, or 'default'
    title       TEXT NOT NULL,        -- personal: the sentence, unmasked
    source      TEXT NOT NULL CHECK (source IN ('finding', 'inspection', 'complaint', 'hand')),
    raised_by   TEXT NOT NULL,        -- "finding 12", "inspection NAME 3", …
    level       TEXT NOT NULL CHECK (level IN ('red', 'orange', 'yellow')),
    state       TEXT NOT NULL,        -- a step of its ledger: open, assigned, rectifying, submitted, checked,
                                      -- published, closed, closed-pending-data, dismissed, transferred
    standing    TEXT,                 -- returned, suspended, extended, objected: beside the step, or NULL
    unit        TEXT,                 -- that leads
    support     TEXT NOT NULL,        -- JSON array of units that support
    handler     TEXT,                 -- user who rectifies
    due         TEXT,                 -- YYYY-MM-DD
    due_days    INTEGER,              -- as the check or ledger says, for the reader
    subject     TEXT,                 -- as of its finding
    parent      INTEGER REFERENCES issue,
    opened_on   TEXT NOT NULL,        -- YYYY-MM-DD: as-of date of the run, or the day of entry by hand
    opened_entry INTEGER NOT NULL,
    closed_entry INTEGER,
    fields      TEXT NOT NULL         -- personal: JSON object, further fields of its ledger
) STRICT;
CREATE INDEX issue_state ON issue (ledger, state);
CREATE INDEX issue_unit ON issue (unit, state);

-- Which findings an issue answers for. State.
CREATE TABLE issue_finding (
    finding INTEGER PRIMARY KEY,
    issue   INTEGER NOT NULL REFERENCES issue
) STRICT;
CREATE INDEX issue_finding_issue ON issue_finding (issue);

-- What was done. State, but only ever added to: each has its own entry.
CREATE TABLE issue_step (
    step    INTEGER PRIMARY KEY,
    issue   INTEGER NOT NULL REFERENCES issue,
    action  TEXT NOT NULL,            -- open, assign, start, note, attach, submit, check, close, return, …
    state   TEXT NOT NULL,            -- after it
    by_user TEXT NOT NULL,
    at      TEXT NOT NULL,            -- UTC
    note    TEXT,                     -- personal
    detail  TEXT NOT NULL             -- JSON object: unit, handler, due, evidence …
) STRICT;
CREATE INDEX issue_step_issue ON issue_step (issue);

-- What shows that an issue is solved. State.
CREATE TABLE evidence (
    evidence INTEGER PRIMARY KEY,
    issue    INTEGER NOT NULL REFERENCES issue,
    kind     TEXT NOT NULL CHECK (kind IN ('row', 'receipt', 'document', 'photo')),
    original TEXT REFERENCES original, -- the file, or NULL for a row
    row      INTEGER,                  -- row id, or NULL for a file
    line     TEXT,                     -- its own line in a shared receipt, or NULL
    note     TEXT,                     -- personal
    by_user  TEXT NOT NULL
) STRICT;
CREATE INDEX evidence_issue ON evidence (issue);
CREATE INDEX evidence_original ON evidence (original);
