-- Queries that users keep under a name of theirs.
CREATE TABLE chengmai.saved_query (
  principal text NOT NULL,
  name text NOT NULL,
  sql text NOT NULL,
  saved_at timestamptz NOT NULL,
  PRIMARY KEY (principal, name)
);
