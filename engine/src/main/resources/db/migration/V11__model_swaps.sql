-- Which version of a model was put in force when, by whom and why; the newest per name and code is the champion.
-- A version may come back (roll-back), so this is apart from the versions themselves.
CREATE TABLE chengmai.model_swap (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  code text NOT NULL,
  version integer NOT NULL,
  decided_at timestamptz NOT NULL,
  decided_by text NOT NULL,
  reason text NOT NULL,
  -- the first record of the topic of points that it judges, null while it waits
  active_from_offset bigint,
  FOREIGN KEY (name, code, version) REFERENCES chengmai.model
);
CREATE INDEX model_swap_by_model ON chengmai.model_swap (name, code, id);

INSERT INTO chengmai.model_swap (name, code, version, decided_at, decided_by, reason, active_from_offset)
SELECT name, code, version, trained_at, 'refit', 'newest', active_from_offset FROM chengmai.model ORDER BY name, code, version;

ALTER TABLE chengmai.model DROP COLUMN active_from_offset;
-- JSON: how a challenger did against the champion on data that neither had seen
ALTER TABLE chengmai.model ADD COLUMN verdict text NOT NULL DEFAULT '{}';
