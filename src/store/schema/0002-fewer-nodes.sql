-- Of the tree every fourth level is kept: the leaves stand in journal, and what lies between is computed.
DELETE FROM journal_node WHERE level = 0 OR level % 4 <> 0;
