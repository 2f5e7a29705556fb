-- 0009-pages.sql: lists of many thousands of lines are read a page at a time: see ledger.sql and checks.sql.

CREATE INDEX issue_urgency ON issue
    (iif(level = 'red', '0', iif(level = 'orange', '1', '2')) || coalesce(due, '9999-12-31'), issue);
CREATE INDEX issue_open_urgency ON issue
    (iif(level = 'red', '0', iif(level = 'orange', '1', '2')) || coalesce(due, '9999-12-31'), issue)
    WHERE state NOT IN ('closed', 'closed-pending-data', 'dismissed', 'transferred', 'merged');
CREATE INDEX issue_unit_urgency ON issue
    (unit, iif(level = 'red', '0', iif(level = 'orange', '1', '2')) || coalesce(due, '9999-12-31'), issue);
CREATE INDEX issue_due ON issue (coalesce(due, '9999-12-31'), issue);
CREATE INDEX issue_support ON issue (support, issue) WHERE support <> '[]';

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

INSERT INTO finding_now
SELECT f.finding, f."check", f.state = 'cleared', f.level, f.entry, f.verdict FROM finding f;
