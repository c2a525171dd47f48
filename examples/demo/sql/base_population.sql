-- 人口基础库. People of the demo city are made up.
CREATE SCHEMA IF NOT EXISTS base_population;

CREATE TABLE base_population.resident (
  id bigint PRIMARY KEY,
  name text NOT NULL,
  sex smallint NOT NULL CHECK (sex IN (1, 2)),
  birth_date date NOT NULL,
  district char(6) NOT NULL,
  registered_on date NOT NULL
);
CREATE INDEX resident_district ON base_population.resident (district);
COMMENT ON TABLE base_population.resident IS '常住人口';
COMMENT ON COLUMN base_population.resident.sex IS '性别, GB/T 2261.1: 1 男, 2 女';
COMMENT ON COLUMN base_population.resident.district IS '居住地区划代码, GB/T 2260';
COMMENT ON COLUMN base_population.resident.registered_on IS '登记日期, 北京时间';

CREATE TABLE base_population.total (
  district char(6) NOT NULL,
  valid_from date NOT NULL,
  valid_to date NOT NULL CHECK (valid_to > valid_from),
  residents integer NOT NULL CHECK (residents > 0),
  PRIMARY KEY (district, valid_from)
);
COMMENT ON TABLE base_population.total IS '常住人口总数, 上年末推算, 全年使用';
COMMENT ON COLUMN base_population.total.valid_to IS '此日起不再使用';

-- The year's totals are there from its first day on.
CREATE FUNCTION base_population.add_day(this_day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO base_population.total
  SELECT d.region, y.first_day, (y.first_day + interval '1 year')::date,
    round(2480000 * demo.weight(d.region) * (1 + 0.002 * (extract(YEAR FROM y.first_day) - 2025)::double precision))
  FROM demo.district d, (VALUES (date_trunc('year', this_day)::date), (date_trunc('year', this_day + 1)::date)) y (first_day)
  ON CONFLICT DO NOTHING;
END
$$;
