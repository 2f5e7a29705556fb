-- 0008-access.sql: counties from before know passwords, grants and disclosures too: see access.sql.

CREATE TABLE credential (
    user        TEXT PRIMARY KEY REFERENCES user,
    hash        TEXT NOT NULL,
    set_ms      INTEGER NOT NULL,
    must_change INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('active', 'ended'))
) STRICT;
CREATE TABLE user_grant (
    user      TEXT PRIMARY KEY REFERENCES user,
    divisions TEXT NOT NULL,
    registers TEXT NOT NULL
) STRICT;
CREATE TABLE disclosure (
    disclosure INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL CHECK (kind IN ('reveal', 'export')),
    of_kind TEXT NOT NULL,
    of_id   TEXT NOT NULL,
    why     TEXT,
    by_user TEXT NOT NULL,
    at      TEXT NOT NULL
) STRICT;
CREATE INDEX disclosure_user ON disclosure (by_user);
