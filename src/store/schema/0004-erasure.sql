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
