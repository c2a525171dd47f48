-- 城市管理与自然资源主题库, records of every day. Made up; times are UTC, dates are days in Shanghai.
CREATE SCHEMA IF NOT EXISTS topic_urban_records;

CREATE TABLE topic_urban_records.city_case (
  id bigint PRIMARY KEY,
  region char(6) NOT NULL,
  street char(9) NOT NULL,
  reported_at timestamp NOT NULL,
  due_at timestamp NOT NULL,
  closed_at timestamp CHECK (closed_at >= reported_at),
  updated_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);
CREATE INDEX city_case_updated ON topic_urban_records.city_case (updated_at);
CREATE TRIGGER touch BEFORE UPDATE ON topic_urban_records.city_case FOR EACH ROW EXECUTE FUNCTION demo.touch();
CREATE INDEX city_case_due ON topic_urban_records.city_case (due_at);
COMMENT ON TABLE topic_urban_records.city_case IS '城市管理案件';
COMMENT ON COLUMN topic_urban_records.city_case.updated_at IS '最后修改时间, UTC';
COMMENT ON COLUMN topic_urban_records.city_case.street IS '街道乡镇代码';
COMMENT ON COLUMN topic_urban_records.city_case.due_at IS '应结案时间, UTC';
COMMENT ON COLUMN topic_urban_records.city_case.closed_at IS '结案时间, UTC; 空为未结案';

CREATE TABLE topic_urban_records.waste_day (
  day_on date NOT NULL,
  region char(6) NOT NULL,
  tonnes double precision NOT NULL,
  PRIMARY KEY (day_on, region)
);
COMMENT ON TABLE topic_urban_records.waste_day IS '生活垃圾清运日报';
COMMENT ON COLUMN topic_urban_records.waste_day.tonnes IS '当日清运量, 吨';

CREATE TABLE topic_urban_records.land_patch (
  id bigint PRIMARY KEY,
  region char(6) NOT NULL,
  found_on date NOT NULL,
  verified_on date CHECK (verified_on >= found_on),
  open_days integer NOT NULL
);
CREATE INDEX land_patch_open ON topic_urban_records.land_patch (found_on) WHERE verified_on IS NULL;
COMMENT ON TABLE topic_urban_records.land_patch IS '疑似违法用地图斑, 当前状态';
COMMENT ON COLUMN topic_urban_records.land_patch.found_on IS '下发日期';
COMMENT ON COLUMN topic_urban_records.land_patch.verified_on IS '核查完成日期; 空为未核查';
COMMENT ON COLUMN topic_urban_records.land_patch.open_days IS '下发至今(或至核查完成)的天数, 每日更新';

CREATE FUNCTION topic_urban_records.add_cases(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_urban_records.city_case
  WITH timed AS MATERIALIZED (
    SELECT id, region, demo.street(region, key) AS street, demo.utc(day, 7 + 14 * demo.noise(key)) AS begun_at, 1 + floor(3 * demo.noise(key || '/kind')) AS days,
      demo.noise(key || '/way') AS way, demo.noise(key || '/late') < CASE WHEN is_bad THEN 0.08 ELSE 0.005 END AS is_late
    FROM demo.items(day, 'case', 0, 40, 0.05)
  )
  SELECT id, region, street, begun_at, due_at,
    CASE WHEN is_late THEN due_at + (1 + 40 * way) * interval '1 hour' ELSE begun_at + (0.05 + 0.9 * way) * (due_at - begun_at) END
  FROM timed, LATERAL (SELECT begun_at + days * interval '1 day') AS allowed(due_at)
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_urban_records.add_waste(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_urban_records.waste_day
  SELECT day, region, round((2400 * demo.weight(region) * (1 - 0.06 * demo.winter(day))
      * CASE WHEN extract(ISODOW FROM day) > 5 THEN 1.05 ELSE 1 END
      * (0.95 + 0.1 * demo.noise('waste/' || region || '/' || day))
      * CASE WHEN demo.noise('waste/odd/' || region || '/' || day) < 0.003 THEN 1.4 ELSE 1 END)::numeric, 1)
  FROM demo.district
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_urban_records.add_patches(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_urban_records.land_patch
  SELECT id, region, day, NULL, 0 FROM demo.items(day, 'patch', 0.08, 0, 0)
  ON CONFLICT DO NOTHING
$$;

-- What is open grows older each day until someone has looked; a few wait longer than thirty days.
CREATE FUNCTION topic_urban_records.verify_patches(day date) RETURNS void LANGUAGE sql AS $$
  UPDATE topic_urban_records.land_patch
  SET open_days = day - found_on,
    verified_on = CASE WHEN day - found_on >= 22 * demo.noise('patch/way/' || id)
      + CASE WHEN demo.noise('patch/late/' || id) < 0.06 THEN 33 ELSE 4 END THEN day END
  WHERE verified_on IS NULL
$$;

CREATE FUNCTION topic_urban_records.add_day(day date) RETURNS void LANGUAGE sql AS $$
  SELECT topic_urban_records.add_cases(day), topic_urban_records.add_waste(day), topic_urban_records.add_patches(day),
    topic_urban_records.verify_patches(day)
$$;
