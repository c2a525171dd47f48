-- The pipeline's memory. Times are UTC; a series is the text of its key, code/region or code/region/k=v.

-- Which revision of a point stands for which inputs. A row is confirmed once its batch has left revision_unconfirmed.
CREATE TABLE chengmai.revision (
  series text NOT NULL,
  period_start timestamptz NOT NULL,
  revision integer NOT NULL,
  input_hash text NOT NULL,
  batch bigint NOT NULL,
  keep_until timestamptz NOT NULL,
  PRIMARY KEY (series, period_start)
);
CREATE INDEX revision_keep_until ON chengmai.revision USING brin (keep_until);

-- Batches that were numbered but may not have reached Kafka: repeating them repeats their numbers.
CREATE TABLE chengmai.revision_unconfirmed (
  batch bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY
);

-- The newest period whose revision was ever pruned: at or before it, the indicator store knows the numbers.
CREATE TABLE chengmai.revision_pruned (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  period_start timestamptz NOT NULL
);

-- How far each pass over a group's periods has come: the end (exclusive) of its last period.
CREATE TABLE chengmai.group_progress (
  name text PRIMARY KEY,
  closed timestamptz NOT NULL,
  hour timestamptz NOT NULL,
  lateness timestamptz NOT NULL
);

-- Periods to compute again after a correction; a row leaves when its points are out.
CREATE TABLE chengmai.recomputation (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  from_time timestamptz NOT NULL,
  to_time timestamptz NOT NULL
);

-- A detector's state of one series, as of an offset of the topic of points; standing is the anomaly that still holds, as JSON.
CREATE TABLE chengmai.detector_snapshot (
  series text NOT NULL,
  detector text NOT NULL,
  state bytea NOT NULL,
  standing text,
  topic_offset bigint NOT NULL,
  PRIMARY KEY (series, detector)
);

-- Where the detectors stand: alert_offset moves with the alert log, snapshot_offset with the snapshots. Both name the next record.
CREATE TABLE chengmai.detector_offset (
  reader text PRIMARY KEY,
  topic_id text NOT NULL,
  alert_offset bigint NOT NULL,
  snapshot_offset bigint NOT NULL,
  last_tick timestamptz
);

-- What detectors expected, for the history's picture; kept for days.
CREATE TABLE chengmai.band (
  series text NOT NULL,
  period_start timestamptz NOT NULL,
  detector text NOT NULL,
  low double precision NOT NULL,
  expected double precision NOT NULL,
  high double precision NOT NULL,
  PRIMARY KEY (series, period_start, detector)
);
CREATE INDEX band_period_start ON chengmai.band USING brin (period_start);

-- Trained models with their provenance; one is in force for the records from active_from_offset on.
CREATE TABLE chengmai.model (
  name text NOT NULL,
  code text NOT NULL,
  version integer NOT NULL,
  provenance text NOT NULL,
  bytes bytea NOT NULL,
  trained_at timestamptz NOT NULL,
  active_from_offset bigint,
  PRIMARY KEY (name, code, version)
);
