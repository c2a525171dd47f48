-- What the rules of the catalogue's contracts found in the rows of each table, by the rows' local day; a day that is judged again takes the place of
-- what was said of it. The failing rows are JSON: the keys of some of them.
CREATE TABLE chengmai.quality_run (
  library text NOT NULL,
  table_name text NOT NULL,
  rule text NOT NULL,
  day date NOT NULL,
  city text NOT NULL,
  department text NOT NULL,
  at timestamptz NOT NULL,
  rows bigint NOT NULL CHECK (rows > 0),
  failed bigint NOT NULL CHECK (failed BETWEEN 0 AND rows),
  measured double precision NOT NULL,
  least double precision NOT NULL,
  weight double precision NOT NULL,
  score double precision NOT NULL,
  failing jsonb NOT NULL,
  PRIMARY KEY (library, table_name, rule, day)
);
CREATE INDEX quality_run_day ON chengmai.quality_run (day);

-- When each table was looked at last.
CREATE TABLE chengmai.quality_look (
  library text NOT NULL,
  table_name text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (library, table_name)
);

-- Rows that break a rule, as a matter with the department that owns the table; at most one of a rule is not closed or withdrawn.
CREATE TABLE chengmai.quality_issue (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  library text NOT NULL,
  table_name text NOT NULL,
  rule text NOT NULL,
  city text NOT NULL,
  department text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'returned', 'fixed', 'closed', 'withdrawn')),
  first_day date NOT NULL,
  last_day date NOT NULL,
  failed bigint NOT NULL,
  failing jsonb NOT NULL,
  opened_at timestamptz NOT NULL,
  due_on date NOT NULL,
  provisional boolean NOT NULL,
  closed_at timestamptz
);
CREATE UNIQUE INDEX quality_issue_open ON chengmai.quality_issue (library, table_name, rule) WHERE state IN ('open', 'returned', 'fixed');

-- Who did what about an issue; rows are only ever added.
CREATE TABLE chengmai.quality_issue_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  issue bigint NOT NULL REFERENCES chengmai.quality_issue,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  note text
);
CREATE INDEX quality_issue_event_issue ON chengmai.quality_issue_event (issue, id);
