-- 生态环境、水利主题库, registers and records of every day. Made up; times are UTC, dates are days in Shanghai.
CREATE SCHEMA IF NOT EXISTS topic_env_records;

CREATE TABLE topic_env_records.water_section (
  assessed_on date NOT NULL,
  section varchar(40) NOT NULL,
  district char(6) NOT NULL,
  quality smallint NOT NULL CHECK (quality BETWEEN 1 AND 6),
  PRIMARY KEY (assessed_on, section)
);
COMMENT ON TABLE topic_env_records.water_section IS '地表水断面日评价';
COMMENT ON COLUMN topic_env_records.water_section.assessed_on IS '日期, 北京时间';
COMMENT ON COLUMN topic_env_records.water_section.quality IS '水质类别, GB 3838: 1 至 5 为 Ⅰ 至 Ⅴ 类, 6 为劣Ⅴ类';

CREATE TABLE topic_env_records.river_gauge (
  series varchar(40) PRIMARY KEY,
  name text NOT NULL,
  district char(6) NOT NULL,
  warning_level double precision NOT NULL,
  guarantee_level double precision NOT NULL CHECK (guarantee_level > warning_level)
);
COMMENT ON TABLE topic_env_records.river_gauge IS '水文站台账';
COMMENT ON COLUMN topic_env_records.river_gauge.series IS '水位测点';
COMMENT ON COLUMN topic_env_records.river_gauge.warning_level IS '警戒水位, m';
COMMENT ON COLUMN topic_env_records.river_gauge.guarantee_level IS '保证水位, m';
INSERT INTO topic_env_records.river_gauge
SELECT 'river.level.' || region || '.1', '演示水文站' || row_number() OVER (ORDER BY region), region, 3.0, 3.6 FROM demo.district;

CREATE FUNCTION topic_env_records.add_day(this_day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO topic_env_records.water_section
  SELECT this_day, '断面' || d.region || '-' || i, d.region,
    CASE WHEN r.luck < 0.003 THEN 5 WHEN r.luck < 0.03 THEN 4 WHEN r.luck < 0.55 THEN 3 ELSE 2 END
  FROM demo.district d, generate_series(1, 2) i,
    LATERAL (SELECT demo.noise('section/' || this_day || d.region || i) AS luck) r
  ON CONFLICT DO NOTHING;
END
$$;
