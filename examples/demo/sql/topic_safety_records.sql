-- 公共安全主题库, records of every day. Made up; times are UTC, dates are days in Shanghai.
CREATE SCHEMA IF NOT EXISTS topic_safety_records;

CREATE TABLE topic_safety_records.criminal_daily (
  reported_on date NOT NULL,
  district char(6) NOT NULL,
  cases integer NOT NULL CHECK (cases >= 0),
  PRIMARY KEY (reported_on, district)
);
COMMENT ON TABLE topic_safety_records.criminal_daily IS '刑事警情日报, 每区每日一行, 无警情为零';
COMMENT ON COLUMN topic_safety_records.criminal_daily.reported_on IS '日期, 北京时间';

CREATE TABLE topic_safety_records.fire_dispatch (
  id bigint PRIMARY KEY,
  called_at timestamp NOT NULL,
  arrived_at timestamp,
  kind varchar(20) NOT NULL CHECK (kind IN ('fire', 'rescue', 'aid')),
  district char(6) NOT NULL
);
CREATE INDEX fire_dispatch_called ON topic_safety_records.fire_dispatch (called_at);
COMMENT ON TABLE topic_safety_records.fire_dispatch IS '119出警';
COMMENT ON COLUMN topic_safety_records.fire_dispatch.called_at IS '报警时间, UTC';
COMMENT ON COLUMN topic_safety_records.fire_dispatch.arrived_at IS '到场时间, UTC; 空为途中撤回';
COMMENT ON COLUMN topic_safety_records.fire_dispatch.kind IS '类别: 火灾, 抢险救援, 社会救助';

CREATE TABLE topic_safety_records.prod_accident (
  id bigint PRIMARY KEY,
  happened_at timestamp NOT NULL,
  deaths integer NOT NULL CHECK (deaths >= 0),
  injured integer NOT NULL CHECK (injured >= 0),
  industry varchar(40) NOT NULL,
  district char(6) NOT NULL,
  updated_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);
CREATE INDEX prod_accident_updated ON topic_safety_records.prod_accident (updated_at);
CREATE TRIGGER touch BEFORE UPDATE ON topic_safety_records.prod_accident FOR EACH ROW EXECUTE FUNCTION demo.touch();
CREATE INDEX prod_accident_happened ON topic_safety_records.prod_accident (happened_at);
COMMENT ON TABLE topic_safety_records.prod_accident IS '生产安全事故';
COMMENT ON COLUMN topic_safety_records.prod_accident.updated_at IS '最后修改时间, UTC';

CREATE FUNCTION topic_safety_records.add_day(this_day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- The same calendar day is alike in each year, a little lower than the year before, with bad days between.
  INSERT INTO topic_safety_records.criminal_daily
  SELECT this_day, d.region, round(
      220 * demo.weight(d.region) * (0.9 + 0.2 * demo.noise('criminal/' || to_char(this_day, 'MM-DD') || d.region))
      * (1 - 0.03 * (extract(YEAR FROM this_day) - 2026)::double precision)
      * CASE WHEN demo.noise('criminal bad/' || this_day || d.region) < 0.02 THEN 1.4
             WHEN demo.noise('criminal bad/' || this_day || d.region) < 0.06 THEN 1.2 ELSE 1 END)
  FROM demo.district d
  ON CONFLICT DO NOTHING;

  INSERT INTO topic_safety_records.fire_dispatch
  SELECT r.id, r.called_at,
    CASE WHEN demo.noise('fire gone/' || r.id) < 0.02 THEN NULL
         WHEN demo.noise('fire late/' || r.id) < 0.03
           THEN r.called_at + (310 + 400 * demo.noise('fire way/' || r.id)) * interval '1 second'
         ELSE r.called_at + (120 + 165 * demo.noise('fire way/' || r.id)) * interval '1 second' END,
    CASE WHEN demo.noise('fire kind/' || r.id) < 0.2 THEN 'fire'
         WHEN demo.noise('fire kind/' || r.id) < 0.7 THEN 'rescue' ELSE 'aid' END,
    r.region
  FROM (
    SELECT (this_day - DATE '2020-01-01') * 1000::bigint + d.region::integer % 100 * 30 + i AS id, d.region,
      date_trunc('second', demo.utc(this_day, 24 * demo.noise('fire hour/' || this_day || d.region || i))) AS called_at
    FROM demo.district d, generate_series(1, demo.count('fire/' || this_day || d.region, 45 * demo.weight(d.region))) i) r
  ON CONFLICT DO NOTHING;

  INSERT INTO topic_safety_records.prod_accident
  SELECT (this_day - DATE '2020-01-01') * 1000::bigint + d.region::integer % 100,
    date_trunc('second', demo.utc(this_day, 8 + 10 * demo.noise('accident hour/' || this_day || d.region))),
    CASE WHEN demo.noise('accident deaths/' || this_day || d.region) < 0.04 THEN 1 ELSE 0 END,
    floor(3 * demo.noise('accident injured/' || this_day || d.region)),
    (ARRAY['建筑施工', '道路运输', '工贸', '危险化学品'])[1 + floor(4 * demo.noise('accident kind/' || this_day || d.region))::integer],
    d.region
  FROM demo.district d
  WHERE demo.noise('accident/' || this_day || d.region) < 0.2 * demo.weight(d.region)
  ON CONFLICT DO NOTHING;
END
$$;
