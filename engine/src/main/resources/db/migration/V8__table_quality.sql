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

-- What people may ask of these, as the library operations; days are those of Shanghai.
CREATE VIEW operations.rule_pass AS
SELECT day AS day_on, city AS region, department, library || '.' || table_name AS table_name, rule, weight, rows AS checked_rows, rows - failed AS passed_rows
FROM chengmai.quality_run;
COMMENT ON VIEW operations.rule_pass IS '数据质量规则每日检查结果';
COMMENT ON COLUMN operations.rule_pass.department IS '数据提供部门';
COMMENT ON COLUMN operations.rule_pass.weight IS '规则权重';

CREATE VIEW operations.data_issue AS
SELECT id, region, department, table_name, rule, raised_on, due_on, closed_on, least(closed_on, due_on) AS settled_on
FROM (
  SELECT id, city AS region, department, library || '.' || table_name AS table_name, rule, (opened_at AT TIME ZONE 'Asia/Shanghai')::date AS raised_on, due_on,
    (closed_at AT TIME ZONE 'Asia/Shanghai')::date AS closed_on
  FROM chengmai.quality_issue
  WHERE state <> 'withdrawn'
) AS issue;
COMMENT ON VIEW operations.data_issue IS '问题数据';
COMMENT ON COLUMN operations.data_issue.due_on IS '应闭环日期: 提出后第20个工作日';
COMMENT ON COLUMN operations.data_issue.closed_on IS '复核通过日期; 空为未闭环';
COMMENT ON COLUMN operations.data_issue.settled_on IS '闭环与应闭环日期中较早者';
