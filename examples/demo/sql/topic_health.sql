-- 卫生健康主题库. Made up; times are UTC, dates are days in Shanghai.
CREATE SCHEMA IF NOT EXISTS topic_health;

CREATE TABLE topic_health.ambulance (
  id bigint PRIMARY KEY,
  region char(6) NOT NULL,
  called_at timestamp NOT NULL,
  arrived_at timestamp CHECK (arrived_at >= called_at)
);
CREATE INDEX ambulance_called ON topic_health.ambulance (called_at);
COMMENT ON TABLE topic_health.ambulance IS '120急救出车';
COMMENT ON COLUMN topic_health.ambulance.called_at IS '呼救时间, UTC';
COMMENT ON COLUMN topic_health.ambulance.arrived_at IS '到达现场时间, UTC; 空为未到达或取消';

CREATE TABLE topic_health.fever_clinic (
  day_on date NOT NULL,
  region char(6) NOT NULL,
  visits integer NOT NULL,
  PRIMARY KEY (day_on, region)
);
COMMENT ON TABLE topic_health.fever_clinic IS '发热门诊日报';
COMMENT ON COLUMN topic_health.fever_clinic.visits IS '当日就诊人次';

CREATE TABLE topic_health.ili_week (
  week_on date NOT NULL,
  region char(6) NOT NULL,
  outpatients integer NOT NULL,
  ili integer NOT NULL CHECK (ili <= outpatients),
  baseline double precision NOT NULL,
  PRIMARY KEY (week_on, region)
);
COMMENT ON TABLE topic_health.ili_week IS '哨点医院流感样病例周报';
COMMENT ON COLUMN topic_health.ili_week.week_on IS '该周星期一';
COMMENT ON COLUMN topic_health.ili_week.outpatients IS '门急诊就诊人次';
COMMENT ON COLUMN topic_health.ili_week.ili IS '流感样病例数';
COMMENT ON COLUMN topic_health.ili_week.baseline IS '流行基线, 流感样病例占门急诊的百分数';

CREATE TABLE topic_health.bed_day (
  day_on date NOT NULL,
  region char(6) NOT NULL,
  hospital varchar(20) NOT NULL,
  open_beds integer NOT NULL,
  occupied_beds integer NOT NULL,
  PRIMARY KEY (day_on, region, hospital)
);
COMMENT ON TABLE topic_health.bed_day IS '病床日报';
COMMENT ON COLUMN topic_health.bed_day.open_beds IS '实际开放床日';
COMMENT ON COLUMN topic_health.bed_day.occupied_beds IS '实际占用床日, 含加床时可大于开放床日';

CREATE TABLE topic_health.blood_day (
  day_on date NOT NULL,
  region char(6) NOT NULL,
  blood_type varchar(2) NOT NULL CHECK (blood_type IN ('A', 'B', 'O', 'AB')),
  stock_units double precision NOT NULL,
  used_units double precision NOT NULL,
  PRIMARY KEY (day_on, region, blood_type)
);
COMMENT ON TABLE topic_health.blood_day IS '红细胞库存日报: 市中心血站以市代码各型一行, 区县储血点以区县代码各型一行, 互不包含';
COMMENT ON COLUMN topic_health.blood_day.stock_units IS '日末库存, 单位(U)';
COMMENT ON COLUMN topic_health.blood_day.used_units IS '当日发出, 单位(U)';

-- Calls of a day that has only begun, since the hours of today are looked at too: those to come lie after each period's end.
CREATE FUNCTION topic_health.add_ambulances(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_health.ambulance
  WITH timed AS MATERIALIZED (
    SELECT id, region, key,
      demo.utc(day, CASE WHEN demo.noise(key || '/night') < 0.25 THEN 24 * demo.noise(key) ELSE 7 + 15 * demo.noise(key) END) AS called_at,
      5 + 6 * demo.noise(key || '/way') AS minutes,
      CASE WHEN demo.noise(key || '/slow') < 0.05 THEN 2 + 7 * demo.noise(key || '/more') ELSE 0 END AS delay
    FROM demo.items(day, 'ambulance', 0, 40, 0)
  )
  SELECT id, region, called_at, called_at + round(60 * (minutes + delay)) * interval '1 second' FROM timed
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_health.add_fever_visits(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_health.fever_clinic
  SELECT day, region, round(420 * demo.weight(region) * (1 + 0.4 * demo.winter(day))
    * CASE WHEN extract(ISODOW FROM day) = 1 THEN 1.15 WHEN extract(ISODOW FROM day) > 5 THEN 0.85 ELSE 1 END
    * (0.9 + 0.2 * demo.noise('fever/' || region || '/' || day))
    * CASE WHEN demo.is_bad_week('fever', day, 0.04) THEN 1 + 0.12 * extract(ISODOW FROM day) ELSE 1 END)
  FROM demo.district
  ON CONFLICT DO NOTHING
$$;

-- A week is told on its Sunday.
CREATE FUNCTION topic_health.add_ili_week(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_health.ili_week
  SELECT day - 6, region, outpatients, round(outpatients / 100 * (2.1 + demo.winter(day) + 0.7 * demo.noise('ili/share/' || region || '/' || day)
    + CASE WHEN demo.is_bad_week('ili/' || region, day, 0.05) THEN 1.2 ELSE 0 END)), 4.0
  FROM demo.district,
  LATERAL (SELECT round(26000 * demo.weight(region) * (0.92 + 0.16 * demo.noise('ili/' || region || '/' || day)))) AS clinic(outpatients)
  WHERE extract(ISODOW FROM day) = 7
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_health.add_beds(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_health.bed_day
  SELECT day, region, hospital, open_beds, round(open_beds * (0.81 + 0.07 * demo.noise('bed/' || region || hospital || '/' || day)
    + CASE WHEN extract(ISODOW FROM day) < 5 THEN 0.03 ELSE 0 END
    + CASE WHEN demo.is_bad_week('bed/' || region, day, 0.05) THEN 0.1 ELSE 0 END))
  FROM demo.district, (VALUES ('综合医院', 7000), ('中医院', 2500)) AS h(hospital, city_beds),
  LATERAL (SELECT round(city_beds * demo.weight(region))) AS beds(open_beds)
  ON CONFLICT DO NOTHING
$$;

-- The blood centre has rows under the city's code; the districts' depots are not part of them.
CREATE FUNCTION topic_health.add_blood(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_health.blood_day
  SELECT day, region, blood_type, round(mean * (9.5 + 2 * sin(2 * pi() * ((day - DATE '2000-01-01') / 28.0 + demo.noise(key)))
      + 1.2 * demo.noise(key || '/' || day) - CASE WHEN demo.is_bad_week(key, day, 0.03) THEN 3.5 ELSE 0 END)),
    round(mean * (0.75 + 0.5 * demo.noise(key || '/used/' || day)))
  FROM (SELECT region, 10 + 90 * demo.weight(region) AS units FROM demo.district UNION ALL SELECT '630100', 150) AS place,
  (VALUES ('A', 0.29), ('B', 0.30), ('O', 0.31), ('AB', 0.10)) AS t(blood_type, share),
  LATERAL (SELECT units * share, 'blood/' || region || blood_type) AS part(mean, key)
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_health.add_day(day date) RETURNS void LANGUAGE sql AS $$
  SELECT topic_health.add_ambulances(day + 1), topic_health.add_fever_visits(day), topic_health.add_ili_week(day),
    topic_health.add_beds(day), topic_health.add_blood(day)
$$;
