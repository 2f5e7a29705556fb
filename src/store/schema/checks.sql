-- checks.sql: suspicions and what became of them. Written by src/checks.

-- One run of checks over changed inputs. State.
CREATE TABLE check_run (
    run     INTEGER PRIMARY KEY,
    entry   INTEGER NOT NULL,
    as_of   TEXT NOT NULL,
    inputs  TEXT NOT NULL,           -- digest of (batches, links, packs, parameters, as-of)
    batches TEXT NOT NULL            -- JSON: [batch, …] that were valid
) STRICT;

-- How each check fared in a run. Events.
CREATE TABLE check_result (
    entry        INTEGER NOT NULL,
    run          INTEGER NOT NULL,
    "check"      TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('ran', 'not evaluated', 'failed')),
    why          TEXT,               -- bilingual "中文|English" where it did not run
    version      TEXT NOT NULL,      -- digest of its SQL, front matter and parameters' values
    raised       INTEGER NOT NULL,
    kept         INTEGER NOT NULL,
    cleared      INTEGER NOT NULL,
    looked_at    INTEGER NOT NULL,   -- rows of the registers that it needs
    units        INTEGER NOT NULL,   -- units that sent them
    linked_share TEXT,               -- share of those rows linked to another register, "0.9834"
    inputs       TEXT NOT NULL,      -- digest of what the check reads: the same again is not run again
    PRIMARY KEY (run, "check")
) STRICT, WITHOUT ROWID;

-- A finding: one check raised on one key. Events. A finding has a second line when its subject was
-- merged or split (`rekeyed` in finding_event): its newest line is the one that holds.
CREATE TABLE finding_key (
    entry        INTEGER NOT NULL,
    finding      INTEGER NOT NULL,    -- 1, 2, 3 …: given once
    "check"      TEXT NOT NULL,
    key          TEXT NOT NULL,       -- canonical JSON array of the key columns' values
    key_hash     TEXT NOT NULL,       -- HMAC-SM3 of (check, key) under the county's secret, 32 digits
    subject      TEXT,                -- entity id, division code, unit or register key
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('person', 'household', 'division', 'unit', 'register')),
    PRIMARY KEY (finding, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_key_hash ON finding_key ("check", key_hash);
CREATE INDEX finding_key_subject ON finding_key (subject);

-- What a run said of a finding. Events. A run that finds it again on the same rows, on the same day,
-- says nothing. `rekeyed` is followed by another event of the same run.
CREATE TABLE finding_event (
    entry   INTEGER NOT NULL,
    finding INTEGER NOT NULL,
    run     INTEGER NOT NULL,
    event   TEXT NOT NULL CHECK (event IN ('raised', 'persisting', 'cleared', 'not evaluated', 'rekeyed')),
    level   TEXT NOT NULL CHECK (level IN ('red', 'orange', 'yellow')),
    pending INTEGER NOT NULL,         -- 1: rests on an absence while a possible link waits for review
    cleared_why TEXT CHECK (cleared_why IN ('batch withdrawn', 'rule changed', 'link changed', 'remedied',
                            'corrected', 'supplied', 'vanished', 'time passed')),
    version TEXT NOT NULL,            -- the check's version, as in check_result
    params  TEXT NOT NULL,            -- personal: canonical JSON object, output columns for the message
    rows    TEXT NOT NULL,            -- JSON: [[row id, row key, content hash, persons], …] it rests on
    empty   TEXT NOT NULL,            -- JSON: registers the check reads that were empty
    divisions TEXT NOT NULL,          -- JSON: codes of the divisions that its rows, or its subject, lie in
    salt    BLOB NOT NULL,
    PRIMARY KEY (finding, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_event_entry ON finding_event (entry);

-- What somebody who verified a finding says. State.
CREATE TABLE verdict (
    finding INTEGER PRIMARY KEY,
    verdict TEXT NOT NULL CHECK (verdict IN ('real', 'not real')),
    reason  TEXT NOT NULL,            -- not real: from the list in docs/format/verdicts.md
    note    TEXT,                     -- personal
    by_user TEXT NOT NULL,
    signed_by TEXT                    -- the second person, where "not real" ends an issue
) STRICT;

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

-- The present of every finding.
CREATE VIEW finding AS
SELECT k.finding, k."check", k.key, k.key_hash, k.subject, k.subject_kind, e.level, e.event AS state,
       e.pending, e.cleared_why, e.params, e.rows, e.empty, e.divisions, e.run, e.entry, e.version,
       (SELECT min(f.entry) FROM finding_event f
         WHERE f.finding = k.finding AND f.event = 'raised'
           AND f.entry > coalesce((SELECT max(c.entry) FROM finding_event c
                                    WHERE c.finding = k.finding AND c.event = 'cleared'
                                      AND c.entry < e.entry), 0)) AS since_entry,
       v.verdict, v.reason
FROM finding_key k
JOIN finding_event e ON e.finding = k.finding
 AND e.entry = (SELECT max(l.entry) FROM finding_event l WHERE l.finding = k.finding)
LEFT JOIN verdict v ON v.finding = k.finding
WHERE k.entry = (SELECT max(l.entry) FROM finding_key l WHERE l.finding = k.finding);

-- What a list of findings is ordered and filtered by, one line a finding: follows from the tables above by the
-- triggers below, so that a page costs its own length and not the number of findings. verify holds it against them.
CREATE TABLE finding_now (
    finding    INTEGER PRIMARY KEY,
    "check"    TEXT NOT NULL,
    is_cleared INTEGER NOT NULL,
    level      TEXT NOT NULL,
    entry      INTEGER NOT NULL,      -- of its newest event
    verdict    TEXT                   -- the newest, NULL: nobody verified it
) STRICT;
CREATE INDEX finding_now_order ON finding_now (is_cleared, level, "check", finding, verdict);
CREATE INDEX finding_now_verdict ON finding_now ("check", verdict) WHERE verdict IS NOT NULL;
CREATE TRIGGER finding_now_event AFTER INSERT ON finding_event BEGIN
    INSERT INTO finding_now
    SELECT new.finding, k."check", new.event = 'cleared', new.level, new.entry,
           (SELECT v.verdict FROM verdict v WHERE v.finding = new.finding)
      FROM finding_key k WHERE k.finding = new.finding ORDER BY k.entry DESC LIMIT 1
    ON CONFLICT (finding) DO UPDATE SET "check" = excluded."check", is_cleared = excluded.is_cleared,
           level = excluded.level, entry = excluded.entry WHERE excluded.entry > finding_now.entry;
END;
CREATE TRIGGER finding_now_verdict_put AFTER INSERT ON verdict BEGIN
    UPDATE finding_now SET verdict = new.verdict WHERE finding = new.finding;
END;
CREATE TRIGGER finding_now_verdict_change AFTER UPDATE OF verdict ON verdict BEGIN
    UPDATE finding_now SET verdict = new.verdict WHERE finding = new.finding;
END;
