-- 市政公用主题库, registers and records of every day or month. Made up; dates are days in Shanghai.
CREATE SCHEMA IF NOT EXISTS topic_util_records;

CREATE TABLE topic_util_records.water_balance (
  month_end date NOT NULL,
  district char(6) NOT NULL,
  supplied double precision NOT NULL CHECK (supplied >= 0),
  billed double precision NOT NULL CHECK (billed >= 0),
  PRIMARY KEY (month_end, district)
);
COMMENT ON TABLE topic_util_records.water_balance IS '供水产销差月报';
COMMENT ON COLUMN topic_util_records.water_balance.month_end IS '月末日';
COMMENT ON COLUMN topic_util_records.water_balance.supplied IS '供水总量, m³';
COMMENT ON COLUMN topic_util_records.water_balance.billed IS '售水量, m³';

CREATE TABLE topic_util_records.gas_daily (
  supplied_on date NOT NULL,
  district char(6) NOT NULL,
  supply double precision NOT NULL CHECK (supply >= 0),
  forecast double precision NOT NULL CHECK (forecast >= 0),
  PRIMARY KEY (supplied_on, district)
);
COMMENT ON TABLE topic_util_records.gas_daily IS '天然气日供需';
COMMENT ON COLUMN topic_util_records.gas_daily.supplied_on IS '日期, 北京时间';
COMMENT ON COLUMN topic_util_records.gas_daily.supply IS '日供气量, m³';
COMMENT ON COLUMN topic_util_records.gas_daily.forecast IS '前一日预测的日需求, m³';

CREATE TABLE topic_util_records.pump_sensor (
  sensor varchar(40) PRIMARY KEY,
  rated double precision NOT NULL,
  tolerance double precision NOT NULL CHECK (tolerance > 0)
);
COMMENT ON TABLE topic_util_records.pump_sensor IS '泵站测点额定值';
COMMENT ON COLUMN topic_util_records.pump_sensor.sensor IS '测量项';
COMMENT ON COLUMN topic_util_records.pump_sensor.rated IS '额定值';
COMMENT ON COLUMN topic_util_records.pump_sensor.tolerance IS '允许偏差';
INSERT INTO topic_util_records.pump_sensor VALUES
  ('pump.vibration', 2.4, 0.8), ('pump.bearing_temp', 58, 8), ('pump.motor_temp', 74, 10), ('pump.current', 210, 25),
  ('pump.voltage', 380, 15), ('pump.inlet', 0.22, 0.05), ('pump.outlet', 0.62, 0.08), ('pump.flow', 860, 120);

CREATE TABLE topic_util_records.heat_curve (
  district char(6) PRIMARY KEY,
  at_zero double precision NOT NULL,
  slope double precision NOT NULL
);
COMMENT ON TABLE topic_util_records.heat_curve IS '换热站二次供温调节曲线: at_zero - slope × 室外气温';
COMMENT ON COLUMN topic_util_records.heat_curve.at_zero IS '室外零度时的供水温度, ℃';
INSERT INTO topic_util_records.heat_curve
SELECT region, 54 - row_number() OVER (ORDER BY region), 0.5 FROM demo.district;

CREATE FUNCTION topic_util_records.add_day(this_day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  -- 1 at the coldest time of the year, -1 at the warmest
  cold double precision := cos(2 * pi() * (extract(DOY FROM this_day)::double precision - 15) / 365.25);
BEGIN
  IF demo.is_month_end(this_day) THEN
    INSERT INTO topic_util_records.water_balance
    SELECT this_day, r.region, r.supplied, round((r.supplied * (1 - r.lost))::numeric)
    FROM (
      SELECT d.region,
        round((8600000 * demo.weight(d.region) * (1 - 0.08 * cold) * (0.97 + 0.06 * demo.noise('water/' || this_day || d.region)))::numeric) AS supplied,
        -- pipes burst in winter
        0.068 + 0.006 * cold + 0.016 * demo.noise('leak/' || this_day || d.region)
          + CASE WHEN demo.noise('leak bad/' || this_day || d.region) < 0.05 THEN 0.035 ELSE 0 END AS lost
      FROM demo.district d) r
    ON CONFLICT DO NOTHING;
  END IF;

  INSERT INTO topic_util_records.gas_daily
  SELECT this_day, r.region,
    round((r.forecast * (1.01 + 0.06 * demo.noise('gas supply/' || this_day || r.region)
      - CASE WHEN demo.noise('gas short/' || this_day || r.region) < 0.004 THEN 0.13
             WHEN demo.noise('gas short/' || this_day || r.region) < 0.012 THEN 0.09
             WHEN demo.noise('gas short/' || this_day || r.region) < 0.03 THEN 0.06 ELSE 0 END))::numeric),
    r.forecast
  FROM (
    SELECT d.region,
      round((3200000 * demo.weight(d.region) * (1 + 0.6 * cold) * (0.96 + 0.08 * demo.noise('gas/' || this_day || d.region)))::numeric)::double precision AS forecast
    FROM demo.district d) r
  ON CONFLICT DO NOTHING;
END
$$;
