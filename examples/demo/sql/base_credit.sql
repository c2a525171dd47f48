-- 信用信息库.
CREATE SCHEMA IF NOT EXISTS base_credit;

CREATE TABLE base_credit.record (
  id bigint PRIMARY KEY,
  uscc char(18) NOT NULL,
  kind varchar(20) NOT NULL CHECK (kind IN ('dishonest', 'penalty', 'permit')),
  listed_on date NOT NULL
);
CREATE INDEX record_uscc ON base_credit.record (uscc);
CREATE INDEX record_listed ON base_credit.record (listed_on);
COMMENT ON TABLE base_credit.record IS '信用记录';
COMMENT ON COLUMN base_credit.record.kind IS '类别: 失信, 处罚, 许可';
COMMENT ON COLUMN base_credit.record.listed_on IS '列入日期, 北京时间';
