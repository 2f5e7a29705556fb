-- 0006-exceptions.sql: rules that do not hold of a subject for a time. Written by src/checks.

-- What a rule does not hold of: one subject, for a time, because a finding on it was judged not real for a
-- reason that will hold again. While it stands the rule raises nothing on that subject. State.
CREATE TABLE check_exception (
    exception       INTEGER PRIMARY KEY,
    accepted_entry  INTEGER NOT NULL,
    "check"         TEXT NOT NULL,
    subject         TEXT NOT NULL,        -- as in finding_key
    finding         INTEGER NOT NULL,     -- that it was made from
    reason          TEXT NOT NULL,        -- of the list in docs/format/verdicts.md
    note            TEXT,                 -- personal
    from_day        TEXT NOT NULL,        -- YYYY-MM-DD, the first and the last day on which it holds
    until_day       TEXT NOT NULL,
    by_user         TEXT NOT NULL,
    withdrawn_entry INTEGER,              -- ended before its time
    withdrawn_why   TEXT
) STRICT;
