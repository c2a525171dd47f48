-- The indicators' history over Druid. Close markers are left out; of a point's revisions readers get the newest.
CREATE VIEW observations AS
SELECT "__time" AS ts, series, measure, region, "value" AS val, received, id
FROM druid.observations
WHERE series <> '__marker';

CREATE VIEW vital_sign_revisions AS
SELECT "__time" AS ts, code, version, region, dimensions AS dims, grain, "value" AS val, numerator AS num, denominator AS den,
  n, trust, revision, computed_at, input_hash
FROM druid.vital_signs;

CREATE VIEW vital_signs AS
SELECT ts, code, ARG_MAX(version, revision) AS version, region, dims, grain, ARG_MAX(val, revision) AS val, ARG_MAX(num, revision) AS num,
  ARG_MAX(den, revision) AS den, ARG_MAX(n, revision) AS n, ARG_MAX(trust, revision) AS trust, MAX(revision) AS revision,
  ARG_MAX(computed_at, revision) AS computed_at, ARG_MAX(input_hash, revision) AS input_hash
FROM vital_sign_revisions
GROUP BY ts, code, region, dims, grain;
