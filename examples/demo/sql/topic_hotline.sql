-- 民生诉求主题库, 12345 calls. All times are UTC. The table is not named "call": that word is reserved in SQL.
CREATE SCHEMA IF NOT EXISTS topic_hotline;

CREATE TABLE topic_hotline.calls (
  id bigint PRIMARY KEY,
  called_at timestamp NOT NULL,
  answered_at timestamp,
  closed_at timestamp,
  due_at timestamp,
  district char(6) NOT NULL,
  topic varchar(40),
  satisfied smallint CHECK (satisfied IN (0, 1)),
  redone smallint NOT NULL DEFAULT 0
);
CREATE INDEX calls_called ON topic_hotline.calls (called_at);
CREATE INDEX calls_due ON topic_hotline.calls (due_at);
CREATE INDEX calls_closed ON topic_hotline.calls (closed_at);
COMMENT ON TABLE topic_hotline.calls IS '12345来电与工单';
COMMENT ON COLUMN topic_hotline.calls.called_at IS '来电时间, UTC';
COMMENT ON COLUMN topic_hotline.calls.answered_at IS '接通时间, UTC; 空为未接通';
COMMENT ON COLUMN topic_hotline.calls.closed_at IS '办结时间, UTC; 空为未办结';
COMMENT ON COLUMN topic_hotline.calls.due_at IS '应办结时间, UTC; 由工作日计算';
COMMENT ON COLUMN topic_hotline.calls.topic IS '诉求主题';
COMMENT ON COLUMN topic_hotline.calls.satisfied IS '评价: 1 满意, 0 不满意, 空为未评价';
COMMENT ON COLUMN topic_hotline.calls.redone IS '重办次数';
