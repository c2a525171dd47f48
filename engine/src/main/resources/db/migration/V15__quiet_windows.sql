-- Times of works and of exercises, in which alerts of the indicators that say so call nobody. Rows are never deleted:
-- who ends a window does not take back that it was there.
CREATE TABLE chengmai.quiet_window (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('MAINTENANCE', 'EXERCISE')),
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL,
  -- both empty for all
  codes text[] NOT NULL,
  regions text[] NOT NULL,
  reason text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_by text,
  ended_at timestamptz,
  end_note text,
  CHECK (from_at < to_at)
);
CREATE INDEX quiet_window_to ON chengmai.quiet_window (to_at);

-- What holds now under an alert that stands for several series or detectors of its indicator (alert.dedup).
CREATE TABLE chengmai.alert_part (
  fingerprint text NOT NULL,
  series text NOT NULL,
  detector text NOT NULL,
  anomaly jsonb NOT NULL,
  PRIMARY KEY (fingerprint, series, detector)
);
CREATE INDEX alert_part_series ON chengmai.alert_part (series);

-- An alert's response runs from when it first called people: one that was suppressed then did not.
CREATE OR REPLACE VIEW operations.alert_response AS
SELECT
  a.id AS alert_id,
  a.alert #>> '{latest,key,code}' AS code,
  a.alert #>> '{latest,key,region}' AS region,
  rpad(left(a.alert #>> '{latest,key,region}', 4), 6, '0') AS city,
  a.alert ->> 'grade' AS grade,
  e.raised_at AT TIME ZONE 'UTC' AS raised_at,
  e.acknowledged_at AT TIME ZONE 'UTC' AS acknowledged_at,
  extract(EPOCH FROM e.acknowledged_at - e.raised_at)::double precision / 60 AS minutes
FROM chengmai.alert a
JOIN (
  SELECT
    alert_id,
    min(at) FILTER (WHERE type <> 'ACKNOWLEDGED' AND alert ->> 'state' = 'firing' AND alert -> 'suppression' IS NULL) AS raised_at,
    min(at) FILTER (WHERE type = 'ACKNOWLEDGED') AS acknowledged_at
  FROM chengmai.alert_event
  WHERE type IN ('FIRED', 'REOPENED', 'RELEASED', 'GRADE_CHANGED', 'ACKNOWLEDGED')
  GROUP BY alert_id
) e ON e.alert_id = a.id
WHERE e.raised_at IS NOT NULL;
COMMENT ON VIEW operations.alert_response IS '告警响应: 首次呼叫与首次确认';
