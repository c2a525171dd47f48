-- 政务与基层治理主题库. Made up; times are UTC, dates are days in Shanghai.
CREATE SCHEMA IF NOT EXISTS topic_gov;

CREATE TABLE topic_gov.catalogue_change (
  id bigint PRIMARY KEY,
  region char(6) NOT NULL,
  department varchar(20) NOT NULL,
  changed_on date NOT NULL,
  due_on date NOT NULL,
  submitted_on date CHECK (submitted_on >= changed_on)
);
CREATE INDEX catalogue_change_due ON topic_gov.catalogue_change (due_on);
COMMENT ON TABLE topic_gov.catalogue_change IS '政务数据目录变更';
COMMENT ON COLUMN topic_gov.catalogue_change.changed_on IS '数据或职责变化日期';
COMMENT ON COLUMN topic_gov.catalogue_change.due_on IS '应提交审核日期: 变化后第20个工作日, 变化当日不计';
COMMENT ON COLUMN topic_gov.catalogue_change.submitted_on IS '更新并提交目录系统审核日期; 空为未提交';

CREATE TABLE topic_gov.grid_event (
  id bigint PRIMARY KEY,
  region char(6) NOT NULL,
  grid varchar(12) NOT NULL,
  reported_at timestamp NOT NULL,
  due_at timestamp NOT NULL,
  closed_at timestamp CHECK (closed_at >= reported_at)
);
CREATE INDEX grid_event_due ON topic_gov.grid_event (due_at);
COMMENT ON TABLE topic_gov.grid_event IS '网格事件';
COMMENT ON COLUMN topic_gov.grid_event.grid IS '网格代码, 演示虚构';
COMMENT ON COLUMN topic_gov.grid_event.due_at IS '应处置时间, UTC';
COMMENT ON COLUMN topic_gov.grid_event.closed_at IS '处置完成时间, UTC; 空为未完成';

CREATE TABLE topic_gov.dispute (
  id bigint PRIMARY KEY,
  region char(6) NOT NULL,
  closed_on date NOT NULL,
  succeeded smallint NOT NULL CHECK (succeeded IN (0, 1)),
  updated_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);
CREATE INDEX dispute_updated ON topic_gov.dispute (updated_at);
CREATE TRIGGER touch BEFORE UPDATE ON topic_gov.dispute FOR EACH ROW EXECUTE FUNCTION demo.touch();
CREATE INDEX dispute_closed ON topic_gov.dispute (closed_on);
COMMENT ON TABLE topic_gov.dispute IS '矛盾纠纷调解';
COMMENT ON COLUMN topic_gov.dispute.updated_at IS '最后修改时间, UTC';
COMMENT ON COLUMN topic_gov.dispute.closed_on IS '调解结案日期';
COMMENT ON COLUMN topic_gov.dispute.succeeded IS '1 达成协议, 0 未达成';

CREATE TABLE topic_gov.service_month (
  month_on date NOT NULL,
  region char(6) NOT NULL,
  done integer NOT NULL,
  done_online integer NOT NULL CHECK (done_online <= done),
  plan_share double precision NOT NULL,
  PRIMARY KEY (month_on, region)
);
COMMENT ON TABLE topic_gov.service_month IS '政务服务办件月报';
COMMENT ON COLUMN topic_gov.service_month.month_on IS '该月一日';
COMMENT ON COLUMN topic_gov.service_month.done IS '办结件数';
COMMENT ON COLUMN topic_gov.service_month.done_online IS '全程网办办结件数';
COMMENT ON COLUMN topic_gov.service_month.plan_share IS '当月全程网办率计划, 百分数; 全市与各区县同一计划';

CREATE TABLE topic_gov.disclosure_request (
  id bigint PRIMARY KEY,
  region char(6) NOT NULL,
  received_on date NOT NULL,
  due_on date NOT NULL,
  replied_on date CHECK (replied_on >= received_on)
);
CREATE INDEX disclosure_request_due ON topic_gov.disclosure_request (due_on);
COMMENT ON TABLE topic_gov.disclosure_request IS '政府信息依申请公开';
COMMENT ON COLUMN topic_gov.disclosure_request.due_on IS '应答复日期: 收到后第20个工作日, 收到当日不计';
COMMENT ON COLUMN topic_gov.disclosure_request.replied_on IS '答复日期; 空为未答复';

CREATE FUNCTION topic_gov.department(key text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (ARRAY['公安', '民政', '人社', '自然资源', '住建', '卫健'])[1 + floor(6 * demo.noise(key || '/department'))::integer]
$$;

CREATE FUNCTION topic_gov.add_catalogue_changes(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_gov.catalogue_change
  WITH answered AS MATERIALIZED (
    SELECT id, region, topic_gov.department(key) AS department, (CASE WHEN demo.noise(key || '/late') < CASE WHEN is_bad THEN 0.3 ELSE 0.008 END
      THEN 21 + 10 * demo.noise(key || '/way') ELSE 1 + 20 * demo.noise(key || '/way') END) AS days
    FROM demo.items(day, 'catalogue', 2, 12, 0.04)
    WHERE demo.is_workday(day)
  )
  SELECT id, region, department, day, demo.plus_workdays(day, 20), demo.plus_workdays(day, floor(days)::integer) FROM answered
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_gov.add_grid_events(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_gov.grid_event
  WITH timed AS MATERIALIZED (
    SELECT id, region, demo.street(region, key) || '00' || 1 + floor(2 * demo.noise(key || '/grid')) AS grid,
      demo.utc(day, 7 + 14 * demo.noise(key)) AS begun_at, CASE WHEN demo.noise(key || '/kind') < 0.4 THEN 1 ELSE 3 END AS days,
      demo.noise(key || '/way') AS way, demo.noise(key || '/late') < CASE WHEN is_bad THEN 0.08 ELSE 0.005 END AS is_late
    FROM demo.items(day, 'grid', 3, 18, 0.05)
  )
  SELECT id, region, grid, begun_at, due_at,
    CASE WHEN is_late THEN due_at + (1 + 30 * way) * interval '1 hour' ELSE begun_at + (0.05 + 0.9 * way) * (due_at - begun_at) END
  FROM timed, LATERAL (SELECT begun_at + days * interval '1 day') AS allowed(due_at)
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_gov.add_disputes(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_gov.dispute
  SELECT id, region, day, (demo.noise(key) >= CASE WHEN is_bad THEN 0.12 ELSE 0.015 END)::integer
  FROM demo.items(day, 'dispute', 1, 12, 0.06)
  WHERE demo.is_workday(day)
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_gov.add_services(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_gov.service_month
  SELECT date_trunc('month', day)::date, region, done, round(done * (0.872 + 0.06 * demo.noise('service/share/' || region || '/' || day))), 88
  FROM (SELECT region, demo.count('service/' || region || '/' || day, 90000 * demo.weight(region)) AS done FROM demo.district) AS s
  WHERE demo.is_month_end(day)
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_gov.add_disclosure_requests(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_gov.disclosure_request
  WITH answered AS MATERIALIZED (
    SELECT id, region, (CASE WHEN demo.noise(key || '/late') < CASE WHEN is_bad THEN 0.05 ELSE 0.004 END
      THEN 21 + 10 * demo.noise(key || '/way') ELSE 3 + 18 * demo.noise(key || '/way') END) AS days
    FROM demo.items(day, 'disclosure', 0.2, 2, 0.05)
    WHERE demo.is_workday(day)
  )
  SELECT id, region, day, demo.plus_workdays(day, 20), demo.plus_workdays(day, floor(days)::integer) FROM answered
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_gov.add_day(day date) RETURNS void LANGUAGE sql AS $$
  SELECT topic_gov.add_catalogue_changes(day), topic_gov.add_grid_events(day),
    topic_gov.add_disputes(day), topic_gov.add_services(day), topic_gov.add_disclosure_requests(day)
$$;
