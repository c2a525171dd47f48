-- Work over the past that people asked for. An open job (waiting, running) goes on after a restart.
CREATE TABLE chengmai.job (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  codes text[] NOT NULL,
  from_time timestamptz NOT NULL,
  to_time timestamptz NOT NULL,
  definition text,
  principal text NOT NULL,
  state text NOT NULL,
  total integer NOT NULL DEFAULT 0,
  failure text,
  report text,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX job_open ON chengmai.job (id) WHERE state IN ('waiting', 'running');

-- Slices of a job whose points are out, by what they compute and when.
CREATE TABLE chengmai.job_slice (
  job bigint NOT NULL REFERENCES chengmai.job ON DELETE CASCADE,
  name text NOT NULL,
  points bigint NOT NULL,
  PRIMARY KEY (job, name)
);
