-- 交通主题库, registers and records of every day. Made up (no metro runs in Xining); times are UTC.
CREATE SCHEMA IF NOT EXISTS topic_traffic_records;

CREATE TABLE topic_traffic_records.metro_station (
  series varchar(40) PRIMARY KEY,
  name text NOT NULL,
  district char(6) NOT NULL,
  capacity integer NOT NULL CHECK (capacity > 0)
);
COMMENT ON TABLE topic_traffic_records.metro_station IS '轨道车站台账';
COMMENT ON COLUMN topic_traffic_records.metro_station.series IS '进站量测点';
COMMENT ON COLUMN topic_traffic_records.metro_station.capacity IS '10分钟进站能力, 人次';
INSERT INTO topic_traffic_records.metro_station
SELECT 'metro.inflow.' || region || '.1', '演示站' || row_number() OVER (ORDER BY region), region, 800 FROM demo.district;

CREATE TABLE topic_traffic_records.bus_arrival (
  id bigint PRIMARY KEY,
  planned_at timestamp NOT NULL,
  arrived_at timestamp,
  line varchar(20) NOT NULL,
  district char(6) NOT NULL
);
CREATE INDEX bus_arrival_planned ON topic_traffic_records.bus_arrival (planned_at);
COMMENT ON TABLE topic_traffic_records.bus_arrival IS '公交到站抽样, 每区每日8班';
COMMENT ON COLUMN topic_traffic_records.bus_arrival.planned_at IS '计划到站时间, UTC';
COMMENT ON COLUMN topic_traffic_records.bus_arrival.arrived_at IS '实际到站时间, UTC; 空为未到站';

CREATE FUNCTION topic_traffic_records.add_day(this_day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO topic_traffic_records.bus_arrival
  SELECT r.id, r.planned_at,
    CASE WHEN demo.noise('bus none/' || r.id) < 0.004 THEN NULL
         WHEN demo.noise('bus off/' || r.id) < r.off
           THEN r.planned_at + (200 + 600 * demo.noise('bus late/' || r.id)) * interval '1 second'
         ELSE r.planned_at + (-45 + 210 * demo.noise('bus late/' || r.id)) * interval '1 second' END,
    1 + r.id % 40 || '路', r.region
  FROM (
    SELECT (this_day - DATE '2020-01-01') * 1000::bigint + d.region::integer % 100 * 10 + i AS id, d.region,
      date_trunc('minute', demo.utc(this_day, 6 + 2 * i - demo.noise('bus hour/' || this_day || d.region || i))) AS planned_at,
      -- some days are bad ones: snow, works
      CASE WHEN demo.noise('bus day/' || this_day || d.region) < 0.06 THEN 0.25 ELSE 0.03 END AS off
    FROM demo.district d, generate_series(1, 8) i) r
  ON CONFLICT DO NOTHING;
END
$$;
