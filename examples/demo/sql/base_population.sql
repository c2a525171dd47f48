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
