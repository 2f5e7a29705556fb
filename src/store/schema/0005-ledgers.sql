-- Ledgers declare themselves: terms of issues, where they were seen, letters, lots, people asked back, clues counted.
ALTER TABLE issue ADD COLUMN term TEXT NOT NULL DEFAULT 'by date' CHECK (term IN ('at once', 'by date', 'long-term'));
ALTER TABLE issue ADD COLUMN asked_due TEXT;
ALTER TABLE issue ADD COLUMN closed_how TEXT CHECK (closed_how IN ('data', 'evidence', 'document only', 'extract'));
CREATE INDEX issue_parent ON issue (parent) WHERE parent IS NOT NULL;
CREATE TABLE issue_source (
    source    INTEGER PRIMARY KEY,
    issue     INTEGER NOT NULL REFERENCES issue,
    raised_by TEXT NOT NULL,
    original  TEXT NOT NULL REFERENCES original,
    sheet     TEXT,
    row_no    INTEGER NOT NULL,
    cells     TEXT NOT NULL
) STRICT;
CREATE INDEX issue_source_issue ON issue_source (issue);
CREATE TABLE issue_person (
    number INTEGER PRIMARY KEY,
    issue  INTEGER NOT NULL REFERENCES issue,
    name   TEXT NOT NULL
) STRICT;
CREATE INDEX issue_person_issue ON issue_person (issue);
CREATE TABLE letter (
    letter  INTEGER PRIMARY KEY,
    issue   INTEGER NOT NULL REFERENCES issue,
    kind    TEXT NOT NULL CHECK (kind IN ('remind', 'urge', 'warn', 'quarter')),
    about   TEXT NOT NULL,
    to_role TEXT NOT NULL CHECK (to_role IN ('handler', 'leader', 'head')),
    to_user TEXT,
    unit    TEXT,
    day     TEXT NOT NULL,
    by_user TEXT NOT NULL
) STRICT;
CREATE INDEX letter_issue ON letter (issue);
CREATE TABLE lot (
    lot       INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL CHECK (kind IN ('look-back', 'ask-back')),
    ledger    TEXT NOT NULL,
    day       TEXT NOT NULL,
    months    INTEGER NOT NULL,
    percent   INTEGER NOT NULL,
    seed      TEXT NOT NULL,
    next_seed TEXT NOT NULL,
    pool      TEXT NOT NULL,
    drawn     TEXT NOT NULL,
    by_user   TEXT NOT NULL
) STRICT;
CREATE TABLE recall (
    recall  INTEGER PRIMARY KEY,
    lot     INTEGER NOT NULL REFERENCES lot,
    issue   INTEGER NOT NULL REFERENCES issue,
    name    TEXT NOT NULL,
    answer  TEXT CHECK (answer IN ('confirmed', 'denied', 'unclear', 'not reached')),
    note    TEXT,
    by_user TEXT,
    day     TEXT
) STRICT;
CREATE INDEX recall_issue ON recall (issue);
CREATE TABLE never_asked (
    key TEXT PRIMARY KEY
) STRICT;
CREATE TABLE clue_count (
    origin TEXT NOT NULL,
    type   TEXT NOT NULL,
    state  TEXT NOT NULL CHECK (state IN ('open', 'handled', 'settled')),
    count  INTEGER NOT NULL,
    as_of  TEXT NOT NULL,
    key    TEXT NOT NULL,
    PRIMARY KEY (origin, type, state)
) STRICT;
-- A wider list of kinds: the table is made anew.
CREATE TABLE evidence_now (
    evidence INTEGER PRIMARY KEY,
    issue    INTEGER NOT NULL REFERENCES issue,
    kind     TEXT NOT NULL CHECK (kind IN ('row', 'receipt', 'document', 'photo', 'approval', 'statement')),

    original TEXT REFERENCES original,
    row      INTEGER,
    line     TEXT,
    boxes    TEXT,
    look     TEXT,
    taken    TEXT,
    place    TEXT,
    note     TEXT,
    by_user  TEXT NOT NULL
) STRICT;
INSERT INTO evidence_now (evidence, issue, kind, original, row, line, note, by_user) SELECT evidence, issue, kind, original, row, line, note, by_user FROM evidence;
DROP TABLE evidence;
ALTER TABLE evidence_now RENAME TO evidence;
CREATE INDEX evidence_issue ON evidence (issue);
CREATE INDEX evidence_original ON evidence (original);
CREATE INDEX evidence_row ON evidence (row) WHERE row IS NOT NULL;
CREATE INDEX evidence_look ON evidence (look, issue) WHERE look IS NOT NULL; -- all that comparing photos reads
