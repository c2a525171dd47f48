-- What the demo's tables are made from: the same day gives the same rows, so a city can be made again. All is made up.
CREATE SCHEMA IF NOT EXISTS demo;

-- A number in [0, 1) that looks random and depends on the key alone.
CREATE OR REPLACE FUNCTION demo.noise(key text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ('x' || substr(md5(key), 1, 8))::bit(32)::bigint / 4294967296.0::double precision
$$;

-- A number of things around a mean, from 40 % less to 40 % more of it; seldom one more or less of few.
CREATE OR REPLACE FUNCTION demo.count(key text, mean double precision) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT floor(mean * (0.6 + 0.8 * demo.noise(key || '/level')) + demo.noise(key || '/part'))::integer
$$;

-- A district's share of the city's people, as the residents' table has them; the seven shares sum to 1.
CREATE OR REPLACE FUNCTION demo.weight(region text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (CASE region WHEN '630102' THEN 13 WHEN '630103' THEN 11 WHEN '630104' THEN 9 WHEN '630105' THEN 7
    WHEN '630106' THEN 5 WHEN '630121' THEN 3 WHEN '630123' THEN 1 END) / 49.0::double precision
$$;

-- The UTC timestamp of an hour of a day in Shanghai.
CREATE OR REPLACE FUNCTION demo.utc(day date, hour double precision) RETURNS timestamp
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT day::timestamp + (hour - 8) * interval '1 hour'
$$;

-- Whether a day is the last of its month: monthly facts are added on it.
CREATE OR REPLACE FUNCTION demo.is_month_end(day date) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT extract(DAY FROM day + 1) = 1
$$;

-- When a row was last changed, UTC, for tables with a column updated_at; what is added gets it by default.
CREATE OR REPLACE FUNCTION demo.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now() AT TIME ZONE 'UTC';
  RETURN NEW;
END
$$;

-- The seven districts, those with most people first.
CREATE TABLE IF NOT EXISTS demo.district (region char(6) PRIMARY KEY);
INSERT INTO demo.district VALUES ('630102'), ('630103'), ('630104'), ('630105'), ('630106'), ('630121'), ('630123')
ON CONFLICT DO NOTHING;

-- The districts' streets, as city.yaml has them.
CREATE TABLE IF NOT EXISTS demo.streets (region char(6) PRIMARY KEY, codes text[] NOT NULL);
INSERT INTO demo.streets VALUES
  ('630102', '{630102001,630102002,630102003,630102004,630102005,630102006,630102007,630102100,630102101,630102400}'),
  ('630103', '{630103001,630103002,630103003,630103004,630103005,630103006,630103007,630103100,630103400}'),
  ('630104', '{630104001,630104002,630104003,630104004,630104005,630104006,630104007,630104100}'),
  ('630105', '{630105001,630105002,630105003,630105004,630105100,630105101,630105400}'),
  ('630106', '{630106100,630106101,630106102,630106103,630106104,630106105,630106106,630106107,630106108,630106109,630106200,630106201,630106202,630106203,630106204,630106400,630106401}'),
  ('630121', '{630121100,630121101,630121102,630121103,630121104,630121105,630121106,630121107,630121108,630121200,630121201,630121202,630121203,630121204,630121205,630121206,630121207,630121208,630121209,630121210}'),
  ('630123', '{630123100,630123101,630123200,630123201,630123202,630123203,630123204,630123205,630123206}')
ON CONFLICT DO NOTHING;

-- The street of a district that a key's thing happens in.
CREATE OR REPLACE FUNCTION demo.street(region text, key text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT s.codes[1 + floor(cardinality(s.codes) * demo.noise(key || '/street'))::integer] FROM demo.streets AS s WHERE s.region = $1
$$;

-- An item's number, unique within its table: which one of a district's on a day.
CREATE OR REPLACE FUNCTION demo.id(day date, region text, n integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (day - DATE '2000-01-01')::bigint * 1000000 + substr(region, 4)::bigint * 1000 + n
$$;

-- 1 in the middle of January, -1 half a year later.
CREATE OR REPLACE FUNCTION demo.winter(day date) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT cos(2 * pi() * (extract(DOY FROM day) - 15) / 365.25)
$$;

-- Whether the week of a day, from Monday, is one of the share of weeks in which the thing of the key goes badly.
CREATE OR REPLACE FUNCTION demo.is_bad_week(key text, day date, share double precision) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT demo.noise(key || '/' || (day - DATE '2000-01-03') / 7) < share
$$;

-- The days that the State Council named: days off, and days at weekends on which people work for them.
CREATE TABLE IF NOT EXISTS demo.day_off (first date PRIMARY KEY, last date NOT NULL CHECK (last >= first), is_workday boolean NOT NULL);
INSERT INTO demo.day_off VALUES
  ('2024-01-01', '2024-01-01', false), ('2024-02-04', '2024-02-04', true), ('2024-02-10', '2024-02-17', false), ('2024-02-18', '2024-02-18', true),
  ('2024-04-04', '2024-04-06', false), ('2024-04-07', '2024-04-07', true), ('2024-04-28', '2024-04-28', true), ('2024-05-01', '2024-05-05', false),
  ('2024-05-11', '2024-05-11', true), ('2024-06-10', '2024-06-10', false), ('2024-09-14', '2024-09-14', true), ('2024-09-15', '2024-09-17', false),
  ('2024-09-29', '2024-09-29', true), ('2024-10-01', '2024-10-07', false), ('2024-10-12', '2024-10-12', true),
  ('2025-01-01', '2025-01-01', false), ('2025-01-26', '2025-01-26', true), ('2025-01-28', '2025-02-04', false), ('2025-02-08', '2025-02-08', true),
  ('2025-04-04', '2025-04-06', false), ('2025-04-27', '2025-04-27', true), ('2025-05-01', '2025-05-05', false), ('2025-05-31', '2025-06-02', false),
  ('2025-09-28', '2025-09-28', true), ('2025-10-01', '2025-10-08', false), ('2025-10-11', '2025-10-11', true),
  ('2026-01-01', '2026-01-03', false), ('2026-01-04', '2026-01-04', true), ('2026-02-14', '2026-02-14', true), ('2026-02-15', '2026-02-23', false),
  ('2026-02-28', '2026-02-28', true), ('2026-04-04', '2026-04-06', false), ('2026-05-01', '2026-05-05', false), ('2026-05-09', '2026-05-09', true),
  ('2026-06-19', '2026-06-21', false), ('2026-09-20', '2026-09-20', true), ('2026-09-25', '2026-09-27', false), ('2026-10-01', '2026-10-07', false),
  ('2026-10-10', '2026-10-10', true)
ON CONFLICT DO NOTHING;

-- Each day with the number of workdays up to it. Years that are not named yet have Monday to Friday.
CREATE TABLE IF NOT EXISTS demo.calendar (day date PRIMARY KEY, is_workday boolean NOT NULL, workdays integer NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS calendar_workdays ON demo.calendar (workdays) WHERE is_workday;
INSERT INTO demo.calendar
SELECT day, is_workday, count(*) FILTER (WHERE is_workday) OVER (ORDER BY day)
FROM (
  SELECT d::date AS day, coalesce(o.is_workday, extract(ISODOW FROM d) < 6) AS is_workday
  FROM generate_series(DATE '2020-01-01', DATE '2049-12-31', interval '1 day') d
  LEFT JOIN demo.day_off o ON d::date BETWEEN o.first AND o.last) c
ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION demo.is_workday(day date) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT c.is_workday FROM demo.calendar AS c WHERE c.day = $1
$$;

-- The n-th workday after a day, which is not counted itself.
CREATE OR REPLACE FUNCTION demo.plus_workdays(day date, n integer) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT c.day FROM demo.calendar AS c
  WHERE c.is_workday AND c.workdays = n + (SELECT b.workdays FROM demo.calendar AS b WHERE b.day = $1)
$$;

-- How many workdays there are from the first to the last day, both counted.
CREATE OR REPLACE FUNCTION demo.workdays_within(first date, last date) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT count(*)::integer FROM demo.calendar AS c WHERE c.is_workday AND c.day BETWEEN first AND last
$$;

-- A day's items of a name: about `base` in each district and `people` more over the city, shared by the districts' people.
-- Each has a key for its noise and knows whether its district has a bad week, one of the share `bad_weeks`.
CREATE OR REPLACE FUNCTION demo.items(day date, name text, base double precision, people double precision, bad_weeks double precision)
RETURNS TABLE (id bigint, region text, key text, is_bad boolean)
LANGUAGE sql STABLE AS $$
  WITH place AS MATERIALIZED (
    SELECT d.region, demo.is_bad_week(name || '/' || d.region, day, bad_weeks) AS is_bad,
      demo.count(name || '/' || d.region || '/' || day, base + people * demo.weight(d.region)) AS items
    FROM demo.district AS d
  )
  SELECT i.id, p.region, name || '/' || i.id, p.is_bad
  FROM place AS p, generate_series(1, p.items) AS n, LATERAL demo.id(day, p.region, n) AS i(id)
$$;

-- How far each library's days have been added.
CREATE TABLE IF NOT EXISTS demo.progress (library text PRIMARY KEY, last_day date NOT NULL);
