CREATE SCHEMA IF NOT EXISTS chengmai;

-- The registered series: what may send observations, and within which plausible range.
CREATE TABLE chengmai.series (
  id         text PRIMARY KEY,
  measure    text NOT NULL,
  region     text NOT NULL,
  unit       text NOT NULL,
  min        double precision NOT NULL,
  max        double precision NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  CHECK (min < max)
);

-- One row per idempotency key of a batch of corrections; in the same transaction as its corrections.
CREATE TABLE chengmai.correction_batch (
  key      text PRIMARY KEY,
  accepted integer NOT NULL,
  rejected integer NOT NULL,
  at       timestamptz NOT NULL
);

-- Corrected values on their way into the time series: queued until a query shows the new value, then told to the
-- indicators. An observation that does not exist cannot be corrected and says so.
CREATE TABLE chengmai.correction (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  series     text NOT NULL,
  measure    text NOT NULL,
  region     text NOT NULL,
  time       timestamptz NOT NULL,
  event_id   text,
  value      double precision NOT NULL,
  received   timestamptz NOT NULL,
  principal  text NOT NULL,
  state      text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'applied', 'told', 'not_found', 'superseded')),
  attempts   integer NOT NULL DEFAULT 0,
  try_after  timestamptz NOT NULL DEFAULT '-infinity',
  settled_at timestamptz
);

CREATE INDEX correction_open ON chengmai.correction (time) WHERE state IN ('queued', 'applied');
