-- What became of queries; kept for a time. An id may come twice: who asks may choose it.
CREATE TABLE chengmai.query_log (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL,
  principal text NOT NULL,
  via text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL,
  sql text,
  plan_hash text,
  sources text[] NOT NULL,
  source_rows bigint NOT NULL,
  source_bytes bigint NOT NULL,
  rows bigint NOT NULL,
  queue_ms bigint NOT NULL,
  plan_ms bigint NOT NULL,
  run_ms bigint NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('done', 'failed', 'cancelled', 'expired', 'refused')),
  code text,
  message text,
  is_slow boolean NOT NULL,
  plan text
);
CREATE INDEX query_log_id ON chengmai.query_log (id);
CREATE INDEX query_log_principal ON chengmai.query_log (principal, seq);
CREATE INDEX query_log_started ON chengmai.query_log (started_at);
CREATE INDEX query_log_ended ON chengmai.query_log (ended_at);
CREATE INDEX query_log_slow ON chengmai.query_log (seq) WHERE is_slow;

-- What every analyst may know of them: neither who asked nor what was typed.
CREATE VIEW operations.query_run AS
SELECT seq, started_at, ended_at, via, plan_hash, array_to_string(sources, ',') AS sources, source_rows, source_bytes, rows AS answer_rows, queue_ms, plan_ms, run_ms,
  outcome, code, is_slow
FROM chengmai.query_log;
COMMENT ON VIEW operations.query_run IS '查询运行记录 (不含用户与语句)';
COMMENT ON COLUMN operations.query_run.plan_hash IS '计划摘要: 与字面值无关';
COMMENT ON COLUMN operations.query_run.answer_rows IS '返回行数';
