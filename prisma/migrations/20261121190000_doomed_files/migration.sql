-- Files that nothing refers to (any more). A row is written in the transaction that takes the last reference away, or,
-- with a later `due_at`, before a file is written that no row refers to yet. Deleted is the file first, then the row.
CREATE TABLE doomed_files (
  key text PRIMARY KEY,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  due_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX doomed_files_due ON doomed_files (due_at);
