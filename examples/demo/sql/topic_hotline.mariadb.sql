-- 民生诉求主题库 in MariaDB, the same columns as in topic_hotline.sql. All times are UTC.
CREATE DATABASE IF NOT EXISTS topic_hotline CHARACTER SET utf8mb4;

CREATE TABLE topic_hotline.calls (
  id bigint PRIMARY KEY,
  called_at datetime NOT NULL,
  answered_at datetime,
  closed_at datetime,
  due_at datetime,
  district char(6) NOT NULL,
  topic varchar(40),
  satisfied smallint CHECK (satisfied IN (0, 1)),
  redone smallint NOT NULL DEFAULT 0
);
CREATE INDEX calls_called ON topic_hotline.calls (called_at);
CREATE INDEX calls_due ON topic_hotline.calls (due_at);
CREATE INDEX calls_closed ON topic_hotline.calls (closed_at);
