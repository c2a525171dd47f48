-- 宏观经济与市场监管主题库. Made up; times are UTC, dates are days in Shanghai.
CREATE SCHEMA IF NOT EXISTS topic_econ;

CREATE TABLE topic_econ.power_use (
  month_on date NOT NULL,
  stat_year integer NOT NULL,
  stat_month integer NOT NULL,
  region char(6) NOT NULL,
  kwh double precision NOT NULL,
  PRIMARY KEY (stat_year, stat_month, region)
);
COMMENT ON TABLE topic_econ.power_use IS '工业用电量月报';
COMMENT ON COLUMN topic_econ.power_use.month_on IS '该月一日';
COMMENT ON COLUMN topic_econ.power_use.kwh IS '当月工业用电量, 万千瓦时';

CREATE TABLE topic_econ.invoice_week (
  week_on date NOT NULL,
  region char(6) NOT NULL,
  workdays integer NOT NULL,
  amount double precision NOT NULL,
  PRIMARY KEY (week_on, region)
);
COMMENT ON TABLE topic_econ.invoice_week IS '增值税发票开票销售额周报';
COMMENT ON COLUMN topic_econ.invoice_week.week_on IS '该周星期一';
COMMENT ON COLUMN topic_econ.invoice_week.workdays IS '该周工作日数, 调休上班计入, 法定放假不计';
COMMENT ON COLUMN topic_econ.invoice_week.amount IS '当周开票销售额, 万元';

CREATE TABLE topic_econ.complaint (
  id bigint PRIMARY KEY,
  region char(6) NOT NULL,
  received_at timestamp NOT NULL,
  due_at timestamp NOT NULL,
  closed_at timestamp CHECK (closed_at >= received_at),
  updated_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);
CREATE INDEX complaint_updated ON topic_econ.complaint (updated_at);
CREATE TRIGGER touch BEFORE UPDATE ON topic_econ.complaint FOR EACH ROW EXECUTE FUNCTION demo.touch();
CREATE INDEX complaint_due ON topic_econ.complaint (due_at);
COMMENT ON TABLE topic_econ.complaint IS '12315投诉';
COMMENT ON COLUMN topic_econ.complaint.updated_at IS '最后修改时间, UTC';
COMMENT ON COLUMN topic_econ.complaint.due_at IS '应办结时间, UTC; 收件后第7个工作日18:00, 演示取值';
COMMENT ON COLUMN topic_econ.complaint.closed_at IS '办结时间, UTC; 空为未办结';

-- February is the shortest month and that of the Spring Festival.
CREATE FUNCTION topic_econ.add_power_use(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_econ.power_use
  SELECT date_trunc('month', day)::date, extract(YEAR FROM day), extract(MONTH FROM day), region,
    round((68000 * demo.weight(region) * power(1.04, (day - DATE '2024-01-01') / 365.25) * (1 + 0.06 * demo.winter(day))
      * CASE WHEN extract(MONTH FROM day) = 2 THEN 0.82 ELSE 1 END
      * (0.985 + 0.03 * demo.noise('power/' || region || '/' || day))
      * CASE WHEN demo.noise('power/bad/' || region || '/' || day) < 0.04 THEN 0.91 ELSE 1 END)::numeric, 1)
  FROM demo.district
  WHERE demo.is_month_end(day)
  ON CONFLICT DO NOTHING
$$;

-- A week is told on its Sunday; days off bring little.
CREATE FUNCTION topic_econ.add_invoices(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_econ.invoice_week
  SELECT day - 6, region, workdays, round((52000 * demo.weight(region) * (workdays + 0.15 * (7 - workdays))
      * (0.96 + 0.08 * demo.noise('invoice/' || region || '/' || day))
      * CASE WHEN demo.is_bad_week('invoice/' || region, day, 0.04) THEN 0.78 ELSE 1 END)::numeric, 2)
  FROM demo.district, demo.workdays_within(day - 6, day) AS workdays
  WHERE extract(ISODOW FROM day) = 7
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_econ.add_complaints(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_econ.complaint
  WITH timed AS MATERIALIZED (
    SELECT id, region, demo.utc(day, 8 + 14 * demo.noise(key)) AS begun_at, demo.utc(demo.plus_workdays(day, 7), 18) AS due_at,
      demo.noise(key || '/way') AS way, demo.noise(key || '/late') < CASE WHEN is_bad THEN 0.06 ELSE 0.003 END AS is_late
    FROM demo.items(day, 'complaint', 0, 40, 0.05)
  )
  SELECT id, region, begun_at, due_at,
    CASE WHEN is_late THEN due_at + (1 + 60 * way) * interval '1 hour' ELSE begun_at + (0.05 + 0.9 * way) * (due_at - begun_at) END
  FROM timed
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_econ.add_day(day date) RETURNS void LANGUAGE sql AS $$
  SELECT topic_econ.add_power_use(day), topic_econ.add_invoices(day), topic_econ.add_complaints(day)
$$;
