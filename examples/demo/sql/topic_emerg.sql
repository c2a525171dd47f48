-- 应急主题库. All times are UTC.
CREATE SCHEMA IF NOT EXISTS topic_emerg;

CREATE TABLE topic_emerg.event (
  id bigint PRIMARY KEY,
  title text NOT NULL,
  opened_at timestamp NOT NULL,
  closed_at timestamp,
  level smallint NOT NULL CHECK (level BETWEEN 1 AND 4),
  district char(6) NOT NULL
);
CREATE INDEX event_open ON topic_emerg.event (opened_at) WHERE closed_at IS NULL;
COMMENT ON TABLE topic_emerg.event IS '突发事件';
COMMENT ON COLUMN topic_emerg.event.level IS '级别: 1 特别重大, 2 重大, 3 较大, 4 一般';
COMMENT ON COLUMN topic_emerg.event.closed_at IS '处置结束时间, UTC; 空为在处';

CREATE TABLE topic_emerg.warning (
  id bigint PRIMARY KEY,
  event varchar(40) NOT NULL,
  colour varchar(10) NOT NULL CHECK (colour IN ('blue', 'yellow', 'orange', 'red')),
  sent_at timestamp NOT NULL,
  expires_at timestamp NOT NULL CHECK (expires_at > sent_at),
  district char(6) NOT NULL
);
CREATE INDEX warning_expires ON topic_emerg.warning (expires_at);
COMMENT ON TABLE topic_emerg.warning IS '预警信号, 每个受影响区县一行';
COMMENT ON COLUMN topic_emerg.warning.event IS '事件: 大风, 暴雨, 寒潮等';
COMMENT ON COLUMN topic_emerg.warning.colour IS '颜色: 蓝, 黄, 橙, 红';
COMMENT ON COLUMN topic_emerg.warning.sent_at IS '发布时间, UTC';
COMMENT ON COLUMN topic_emerg.warning.expires_at IS '失效或解除时间, UTC';

CREATE TABLE topic_emerg.shelter (
  id integer PRIMARY KEY,
  name text NOT NULL,
  capacity integer NOT NULL CHECK (capacity > 0),
  district char(6) NOT NULL
);
COMMENT ON TABLE topic_emerg.shelter IS '应急避难场所台账';
COMMENT ON COLUMN topic_emerg.shelter.capacity IS '可容纳人数';
INSERT INTO topic_emerg.shelter
SELECT d.region::integer % 1000 * 10 + i, '演示避难场所' || d.region || '-' || i, round(150000 * demo.weight(d.region) * i / 3), d.region
FROM demo.district d, generate_series(1, 2) i;

CREATE TABLE topic_emerg.exposure (
  assessed_on date NOT NULL,
  district char(6) NOT NULL,
  exposed integer NOT NULL CHECK (exposed >= 0),
  PRIMARY KEY (assessed_on, district)
);
COMMENT ON TABLE topic_emerg.exposure IS '当日最不利灾害情景下需避险人口';
COMMENT ON COLUMN topic_emerg.exposure.assessed_on IS '日期, 北京时间';

CREATE FUNCTION topic_emerg.add_day(this_day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Sent in the evening for the next day or two.
  INSERT INTO topic_emerg.warning
  SELECT (this_day - DATE '2020-01-01') * 1000::bigint + d.region::integer % 100,
    CASE WHEN extract(MONTH FROM this_day) BETWEEN 6 AND 9 THEN '暴雨' WHEN demo.noise('warning/' || this_day) < 0.5 THEN '大风' ELSE '寒潮' END,
    CASE WHEN demo.noise('warning colour/' || this_day) < 0.75 THEN 'blue'
         WHEN demo.noise('warning colour/' || this_day) < 0.95 THEN 'yellow'
         WHEN demo.noise('warning colour/' || this_day) < 0.99 THEN 'orange' ELSE 'red' END,
    demo.utc(this_day, 18), demo.utc(this_day + 1, 8 + floor(17 * demo.noise('warning end/' || this_day))), d.region
  FROM demo.district d
  WHERE demo.noise('warning/' || this_day) < 0.15 AND demo.noise('warning place/' || this_day || d.region) < 0.6
  ON CONFLICT DO NOTHING;

  INSERT INTO topic_emerg.exposure
  SELECT this_day, d.region, round(130000 * demo.weight(d.region) * (0.75 + 0.35 * demo.noise('exposure/' || this_day || d.region))
    * CASE WHEN demo.noise('exposure bad/' || this_day) < 0.02 THEN 1.4 ELSE 1 END)
  FROM demo.district d
  ON CONFLICT DO NOTHING;
END
$$;
