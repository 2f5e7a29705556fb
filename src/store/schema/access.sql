-- access.sql: who may come in, what they may see, and what they were shown. Written by src/store.

-- How a user proves who they are on the web: a password's Argon2id string. State; `user password` and the web write it.
CREATE TABLE credential (
    user        TEXT PRIMARY KEY REFERENCES user,
    hash        TEXT NOT NULL,     -- "$argon2id$v=19$m=…"; a commitment in entries; read by src/store alone
    set_ms      INTEGER NOT NULL,  -- when: its age counts from here
    must_change INTEGER NOT NULL,  -- 1: given by an administrator, good for one login
    state       TEXT NOT NULL CHECK (state IN ('active', 'ended'))
) STRICT;

-- What a user may see beside what their role and unit give. State; security administrators write it.
CREATE TABLE user_grant (
    user      TEXT PRIMARY KEY REFERENCES user,
    divisions TEXT NOT NULL,       -- JSON array of 12-digit codes; "*": the whole county
    registers TEXT NOT NULL        -- JSON array of registers' names; "*": all
) STRICT;

-- Personal data that somebody was shown in full or took away, and their reason. State, only ever added to.
CREATE TABLE disclosure (
    disclosure INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL CHECK (kind IN ('reveal', 'export')),
    of_kind TEXT NOT NULL,         -- issue, finding, household, person, row, batch …; of an export: list
    of_id   TEXT NOT NULL,         -- its number; of an export: the page's address
    why     TEXT,                  -- as typed; a commitment in entries
    by_user TEXT NOT NULL,
    at      TEXT NOT NULL          -- RFC 3339, UTC
) STRICT;
CREATE INDEX disclosure_user ON disclosure (by_user);
