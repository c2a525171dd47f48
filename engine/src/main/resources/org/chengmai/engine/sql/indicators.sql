-- The indicators' history over Druid. Close markers are left out; of a point's revisions readers get the newest.
CREATE VIEW observations AS
SELECT "__time" AS ts, series, measure, region, "value" AS val, received, id
FROM druid.observations
WHERE series <> '__marker';

CREATE VIEW vital_sign_revisions AS
SELECT "__time" AS ts, code, version, region, dimensions AS dims, grain, "value" AS val, numerator AS num, denominator AS den,
  n, trust, revision, computed_at, input_hash, readings
FROM druid.vital_signs;

CREATE VIEW vital_signs AS
SELECT ts, code, ARG_MAX(version, revision) AS version, region, dims, grain, ARG_MAX(val, revision) AS val, ARG_MAX(num, revision) AS num,
  ARG_MAX(den, revision) AS den, ARG_MAX(n, revision) AS n, ARG_MAX(trust, revision) AS trust, MAX(revision) AS revision,
  ARG_MAX(computed_at, revision) AS computed_at, ARG_MAX(input_hash, revision) AS input_hash, ARG_MAX(readings, revision) AS readings
FROM vital_sign_revisions
GROUP BY ts, code, region, dims, grain;

-- What readers saw at a time t, in milliseconds since 1970: WHERE known_from <= t AND (known_to > t OR known_to IS NULL).
CREATE VIEW vital_signs_asof AS
SELECT ts, code, version, region, dims, grain, val, num, den, n, trust, revision, computed_at AS known_from,
  LEAD(computed_at) OVER (PARTITION BY code, region, dims, grain, ts ORDER BY revision) AS known_to, readings
FROM (SELECT ts, code, MAX(version) AS version, region, dims, grain, MAX(val) AS val, MAX(num) AS num, MAX(den) AS den, MAX(n) AS n, ARG_MAX(trust, computed_at) AS trust,
    revision, MIN(computed_at) AS computed_at, ARG_MAX(readings, computed_at) AS readings
  FROM vital_sign_revisions
  GROUP BY ts, code, region, dims, grain, revision) AS once;
