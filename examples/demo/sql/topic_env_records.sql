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

CREATE TABLE topic_env_records.noise_limit (
  zone_class varchar(2) PRIMARY KEY,
  night_limit double precision NOT NULL
);
COMMENT ON TABLE topic_env_records.noise_limit IS '声环境功能区夜间限值, GB 3096-2008';
COMMENT ON COLUMN topic_env_records.noise_limit.night_limit IS '夜间等效声级限值, dB(A)';
INSERT INTO topic_env_records.noise_limit VALUES ('0', 40), ('1', 45), ('2', 50), ('3', 55), ('4a', 55), ('4b', 60);

CREATE TABLE topic_env_records.noise_night (
  station varchar(40) NOT NULL,
  measured_at timestamp NOT NULL,
  district char(6) NOT NULL,
  zone_class varchar(2) NOT NULL,
  leq double precision NOT NULL,
  PRIMARY KEY (station, measured_at)
);
CREATE INDEX noise_night_measured ON topic_env_records.noise_night (measured_at);
COMMENT ON TABLE topic_env_records.noise_night IS '功能区声环境夜间监测, 22:00至次日06:00每2小时一条';
COMMENT ON COLUMN topic_env_records.noise_night.measured_at IS '时段开始, UTC';
COMMENT ON COLUMN topic_env_records.noise_night.leq IS '等效声级, dB(A)';

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

  -- the night that ends on this day
  INSERT INTO topic_env_records.noise_night
  SELECT s.station, demo.utc(this_day, 2 * h - 2), s.region, s.zone_class,
    round((l.night_limit - 9 + 6 * demo.noise('noise/' || this_day || s.station || h)
      + CASE WHEN demo.noise('noise night/' || this_day || s.station) < 0.03 THEN 9 ELSE 0 END)::numeric, 1)
  FROM (
    SELECT d.region, '声' || d.region || '-' || i AS station, CASE i WHEN 1 THEN '2' ELSE '4a' END AS zone_class
    FROM demo.district d, generate_series(1, 2) i) s
  JOIN topic_env_records.noise_limit l ON l.zone_class = s.zone_class, generate_series(0, 3) h
  ON CONFLICT DO NOTHING;
END
$$;
