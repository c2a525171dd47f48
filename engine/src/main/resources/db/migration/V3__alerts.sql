-- The alert log and what is derived from it.

-- One row: who holds its lock is the only writer. The epoch changes when the log was lost or restored.
CREATE TABLE chengmai.alert_log_epoch (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  epoch uuid NOT NULL DEFAULT gen_random_uuid(),
  head bigint NOT NULL DEFAULT 0,
  server text
);
INSERT INTO chengmai.alert_log_epoch DEFAULT VALUES;

-- The log: rows are only ever added, seq has no gap.
CREATE TABLE chengmai.alert_event (
  seq bigint PRIMARY KEY,
  type text NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  alert_id text NOT NULL,
  -- the anomaly that caused it; all null when a person did
  series text,
  detector text,
  period_start timestamptz,
  point_revision integer,
  status text,
  alert jsonb NOT NULL
);
CREATE UNIQUE INDEX alert_event_cause ON chengmai.alert_event (series, detector, period_start, point_revision, status);
CREATE INDEX alert_event_alert ON chengmai.alert_event (alert_id);

-- Each alert as it stands: a projection, written in the log's transaction.
CREATE TABLE chengmai.alert (
  id text PRIMARY KEY,
  fingerprint text NOT NULL,
  series text NOT NULL,
  state text NOT NULL,
  grade smallint NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz,
  first_seq bigint NOT NULL,
  alert jsonb NOT NULL
);
CREATE UNIQUE INDEX alert_fingerprint ON chengmai.alert (fingerprint, first_seq);
CREATE INDEX alert_series ON chengmai.alert (series, starts_at);
CREATE INDEX alert_open ON chengmai.alert (grade, starts_at) WHERE state IN ('PENDING', 'FIRING', 'ACKNOWLEDGED');

-- How far each sink has been served.
CREATE TABLE chengmai.alert_sink (
  name text PRIMARY KEY,
  epoch uuid NOT NULL,
  seq bigint NOT NULL
);
