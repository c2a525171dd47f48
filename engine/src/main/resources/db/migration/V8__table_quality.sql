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
