-- The pass over a group's periods six hours after their end begins where the last one stands: what lies between is looked at once more.
ALTER TABLE chengmai.group_progress ADD COLUMN six_hours timestamptz;
UPDATE chengmai.group_progress SET six_hours = lateness;
ALTER TABLE chengmai.group_progress ALTER COLUMN six_hours SET NOT NULL;

-- When the sources of a group had last changed a row, by their own clocks, when they were last asked.
CREATE TABLE chengmai.source_update (
  name text PRIMARY KEY,
  updated_at timestamptz NOT NULL
);

-- The versions of definitions that have been in force: one that is new here may restate what earlier ones computed.
CREATE TABLE chengmai.version_in_force (
  code text NOT NULL,
  version integer NOT NULL,
  taken_up_at timestamptz NOT NULL,
  PRIMARY KEY (code, version)
);
