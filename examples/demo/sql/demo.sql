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

-- The seven districts, those with most people first.
CREATE TABLE IF NOT EXISTS demo.district (region char(6) PRIMARY KEY);
INSERT INTO demo.district VALUES ('630102'), ('630103'), ('630104'), ('630105'), ('630106'), ('630121'), ('630123')
ON CONFLICT DO NOTHING;

-- How far each library's days have been added.
CREATE TABLE IF NOT EXISTS demo.progress (library text PRIMARY KEY, last_day date NOT NULL);
