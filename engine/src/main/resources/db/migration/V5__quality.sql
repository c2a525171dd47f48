-- What quality rules found wrong in values; kept for 90 days. The detail is JSON: the failing rows and the reasons.
CREATE TABLE chengmai.quality_finding (
  code text NOT NULL,
  region text NOT NULL,
  dimensions text NOT NULL,
  period_start timestamptz NOT NULL,
  rule text NOT NULL,
  measured double precision NOT NULL,
  bound double precision NOT NULL,
  detail jsonb NOT NULL,
  PRIMARY KEY (code, period_start, region, dimensions, rule)
);
CREATE INDEX quality_finding_period_start ON chengmai.quality_finding USING brin (period_start);
