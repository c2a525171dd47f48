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
