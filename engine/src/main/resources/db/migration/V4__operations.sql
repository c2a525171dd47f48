-- What people may ask of the engine's own records, as the library operations. Times are UTC.
CREATE SCHEMA IF NOT EXISTS operations;

-- Each alert that fired, by when it was raised and first acknowledged; who did it is left out.
CREATE VIEW operations.alert_response AS
SELECT
  a.id AS alert_id,
  a.alert #>> '{latest,key,code}' AS code,
  a.alert #>> '{latest,key,region}' AS region,
  rpad(left(a.alert #>> '{latest,key,region}', 4), 6, '0') AS city,
  a.alert ->> 'grade' AS grade,
  e.raised_at AT TIME ZONE 'UTC' AS raised_at,
  e.acknowledged_at AT TIME ZONE 'UTC' AS acknowledged_at,
  extract(EPOCH FROM e.acknowledged_at - e.raised_at)::double precision / 60 AS minutes
FROM chengmai.alert a
JOIN (
  SELECT alert_id, min(at) FILTER (WHERE type = 'FIRED') AS raised_at, min(at) FILTER (WHERE type = 'ACKNOWLEDGED') AS acknowledged_at
  FROM chengmai.alert_event
  WHERE type IN ('FIRED', 'ACKNOWLEDGED')
  GROUP BY alert_id
) e ON e.alert_id = a.id
WHERE e.raised_at IS NOT NULL;
COMMENT ON VIEW operations.alert_response IS '告警响应: 首次触发与首次确认';
COMMENT ON COLUMN operations.alert_response.city IS '所属地市区划代码';
COMMENT ON COLUMN operations.alert_response.minutes IS '响应时长, 分钟; 空为未确认';
