-- What operators say of alerts. The log has every judgement (type JUDGED); the projection has the newest.
ALTER TABLE chengmai.alert ADD COLUMN verdict text;
CREATE INDEX alert_verdict ON chengmai.alert (series, verdict) WHERE verdict IS NOT NULL;

-- What was known of an alert when it fired: what a combiner learns from once the alert is judged.
CREATE TABLE chengmai.alert_evidence (
  alert_id text PRIMARY KEY REFERENCES chengmai.alert (id) DEFERRABLE INITIALLY DEFERRED,
  day_class text NOT NULL,
  features jsonb NOT NULL
);


-- Alerts that are one happening, as they were last found; the newest day is found anew as alerts come and go.
CREATE TABLE chengmai.incident (
  id text PRIMARY KEY,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  incident jsonb NOT NULL
);
CREATE INDEX incident_started_at ON chengmai.incident (started_at);
