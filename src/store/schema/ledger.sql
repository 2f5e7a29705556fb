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
    standing    TEXT,                 -- returned, suspended, asked (for more time), extended, objected: beside
                                      -- the step, or NULL
    unit        TEXT,                 -- that leads
    support     TEXT NOT NULL,        -- JSON array of units that support
    handler     TEXT,                 -- user who rectifies
    term        TEXT NOT NULL CHECK (term IN ('at once', 'by date', 'long-term')),
    due         TEXT,                 -- YYYY-MM-DD; NULL for long-term
    asked_due   TEXT,                 -- the date that an extension asks for, until it is granted or denied
    due_days    INTEGER,              -- as the check or ledger says, for the reader
    subject     TEXT,                 -- as of its finding
    parent      INTEGER REFERENCES issue,
    opened_on   TEXT NOT NULL,        -- YYYY-MM-DD: as-of date of the run, or the day of entry by hand
    opened_entry INTEGER NOT NULL,
    closed_entry INTEGER,
    closed_how  TEXT CHECK (closed_how IN ('data', 'evidence', 'document only', 'extract')), -- what showed it
    fields      TEXT NOT NULL         -- personal: JSON object, further fields of its ledger
) STRICT;
CREATE INDEX issue_state ON issue (ledger, state);
CREATE INDEX issue_unit ON issue (unit, state);
CREATE INDEX issue_parent ON issue (parent) WHERE parent IS NOT NULL;
-- The order of urgency, which ledger/list.c asks for word by word: level, then due date; all, those that have not
-- ended, and these by unit. Supporting units are found by reading `support` alone.
CREATE INDEX issue_urgency ON issue
    (iif(level = 'red', '0', iif(level = 'orange', '1', '2')) || coalesce(due, '9999-12-31'), issue);
CREATE INDEX issue_open_urgency ON issue
    (iif(level = 'red', '0', iif(level = 'orange', '1', '2')) || coalesce(due, '9999-12-31'), issue)
    WHERE state NOT IN ('closed', 'closed-pending-data', 'dismissed', 'transferred', 'merged');
CREATE INDEX issue_unit_urgency ON issue
    (unit, iif(level = 'red', '0', iif(level = 'orange', '1', '2')) || coalesce(due, '9999-12-31'), issue);
CREATE INDEX issue_due ON issue (coalesce(due, '9999-12-31'), issue);
CREATE INDEX issue_support ON issue (support, issue) WHERE support <> '[]';

-- Where an issue was seen, each time: a row of a list that somebody delivered. State.
CREATE TABLE issue_source (
    source    INTEGER PRIMARY KEY,
    issue     INTEGER NOT NULL REFERENCES issue,
    raised_by TEXT NOT NULL,           -- "inspection NAME", …
    original  TEXT NOT NULL REFERENCES original,
    sheet     TEXT,                    -- NULL for delimited text
    row_no    INTEGER NOT NULL,        -- as the clerk sees it
    cells     TEXT NOT NULL            -- personal: JSON object, each column as it was written
) STRICT;
CREATE INDEX issue_source_issue ON issue_source (issue);

-- Of whom an issue without a finding says that they were harmed, repaid or helped. State.
CREATE TABLE issue_person (
    number INTEGER PRIMARY KEY,
    issue  INTEGER NOT NULL REFERENCES issue,
    name   TEXT NOT NULL               -- personal
) STRICT;
CREATE INDEX issue_person_issue ON issue_person (issue);

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
    kind     TEXT NOT NULL CHECK (kind IN ('row', 'receipt', 'document', 'photo', 'approval', 'statement')),
                                       -- approval: the scan of the approval form; statement: the accused's
    original TEXT REFERENCES original, -- the file, or NULL for a row
    row      INTEGER,                  -- row id, or NULL for a file
    line     TEXT,                     -- its own line in a shared receipt, or NULL
    boxes    TEXT,                     -- approval: JSON array, the boxes that are signed on it
    look     TEXT,                     -- photo: its perceptual hash, 16 digits; NULL: it could not be read
    taken    TEXT,                     -- photo: when, as the camera wrote it: YYYY-MM-DD HH:MM:SS
    place    TEXT,                     -- personal. photo: where, "latitude,longitude", as the camera wrote it
    note     TEXT,                     -- personal
    by_user  TEXT NOT NULL
) STRICT;
CREATE INDEX evidence_issue ON evidence (issue);
CREATE INDEX evidence_original ON evidence (original);
CREATE INDEX evidence_row ON evidence (row) WHERE row IS NOT NULL;
CREATE INDEX evidence_look ON evidence (look, issue) WHERE look IS NOT NULL; -- all that comparing photos reads

-- Letters about a due date that were issued. State.
CREATE TABLE letter (
    letter  INTEGER PRIMARY KEY,      -- its number
    issue   INTEGER NOT NULL REFERENCES issue,
    kind    TEXT NOT NULL CHECK (kind IN ('remind', 'urge', 'warn', 'quarter')), -- 提醒函 督办函 告诫函 季度提示
    about   TEXT NOT NULL,            -- the due date, or the quarter: one letter of a kind about each
    to_role TEXT NOT NULL CHECK (to_role IN ('handler', 'leader', 'head')),
    to_user TEXT,                     -- where one is known
    unit    TEXT,
    day     TEXT NOT NULL,            -- YYYY-MM-DD
    by_user TEXT NOT NULL
) STRICT;
CREATE INDEX letter_issue ON letter (issue);

-- What was drawn by lot. State; never changed. The ticket of a number n of the pool is
-- SM3(seed ‖ ':' ‖ n); the smallest tickets are drawn.
CREATE TABLE lot (
    lot       INTEGER PRIMARY KEY,    -- 1, 2, 3 …
    kind      TEXT NOT NULL CHECK (kind IN ('look-back', 'ask-back')),
    ledger    TEXT NOT NULL,
    day       TEXT NOT NULL,          -- YYYY-MM-DD
    months    INTEGER NOT NULL,
    percent   INTEGER NOT NULL,
    seed      TEXT NOT NULL,          -- 64 digits, told with the draw
    next_seed TEXT NOT NULL,          -- SM3 of the seed of the next lot: fixed before anybody knows its pool
    pool      TEXT NOT NULL,          -- JSON array of issues
    drawn     TEXT NOT NULL,          -- JSON array of issues
    by_user   TEXT NOT NULL
) STRICT;

-- What people say who were asked back. State.
CREATE TABLE recall (
    recall  INTEGER PRIMARY KEY,
    lot     INTEGER NOT NULL REFERENCES lot,
    issue   INTEGER NOT NULL REFERENCES issue,
    name    TEXT NOT NULL,            -- personal: who is asked
    answer  TEXT CHECK (answer IN ('confirmed', 'denied', 'unclear', 'not reached')), -- NULL: not asked yet
    note    TEXT,                     -- personal
    by_user TEXT,                     -- who asked
    day     TEXT
) STRICT;
CREATE INDEX recall_issue ON recall (issue);

-- Who is never drawn, because they complained: keys (HMAC-SM3 under the county's secret) of names, which
-- say neither who nor about what. State.
CREATE TABLE never_asked (
    key TEXT PRIMARY KEY
) STRICT;

-- How many clues a clue county holds, as its signed note says: counts by type and nothing else. State.
CREATE TABLE clue_count (
    origin TEXT NOT NULL,             -- the clue county's journal
    type   TEXT NOT NULL,
    state  TEXT NOT NULL CHECK (state IN ('open', 'handled', 'settled')),
    count  INTEGER NOT NULL,
    as_of  TEXT NOT NULL,             -- YYYY-MM-DD
    key    TEXT NOT NULL,             -- who signed: the public key's point, hexadecimal
    PRIMARY KEY (origin, type, state)
) STRICT;
