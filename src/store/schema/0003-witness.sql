-- The journals of others whose signed roots this one keeps. State; every root that was taken is an entry.
CREATE TABLE witness (
    origin  TEXT PRIMARY KEY,          -- which journal: "taizhang/140430/5444e364f0d197f6"
    name    TEXT NOT NULL UNIQUE,      -- what it is called here
    key     TEXT NOT NULL,             -- the point that signs, in hexadecimal
    entries INTEGER NOT NULL,          -- of the newest checkpoint that agrees with all before it
    note    TEXT NOT NULL,             -- its text
    refused TEXT                       -- the newest signed checkpoint that does not agree with it, or NULL
) STRICT;
