-- 应急主题库. All times are UTC.
CREATE SCHEMA IF NOT EXISTS topic_emerg;

CREATE TABLE topic_emerg.event (
  id bigint PRIMARY KEY,
  title text NOT NULL,
  opened_at timestamp NOT NULL,
  closed_at timestamp,
  level smallint NOT NULL CHECK (level BETWEEN 1 AND 4),
  district char(6) NOT NULL
);
CREATE INDEX event_open ON topic_emerg.event (opened_at) WHERE closed_at IS NULL;
COMMENT ON TABLE topic_emerg.event IS '突发事件';
COMMENT ON COLUMN topic_emerg.event.level IS '级别: 1 特别重大, 2 重大, 3 较大, 4 一般';
COMMENT ON COLUMN topic_emerg.event.closed_at IS '处置结束时间, UTC; 空为在处';
