-- 法人基础库. Entities of the demo city are made up; their codes pass the check of GB 32100-2015.
CREATE SCHEMA IF NOT EXISTS base_entity;

CREATE TABLE base_entity.entity (
  uscc char(18) PRIMARY KEY,
  name text NOT NULL,
  kind varchar(20) NOT NULL CHECK (kind IN ('enterprise', 'individual', 'cooperative', 'institution')),
  district char(6) NOT NULL,
  registered_on date NOT NULL,
  cancelled_on date CHECK (cancelled_on >= registered_on)
);
CREATE INDEX entity_registered ON base_entity.entity (registered_on);
CREATE INDEX entity_cancelled ON base_entity.entity (cancelled_on) WHERE cancelled_on IS NOT NULL;
COMMENT ON TABLE base_entity.entity IS '经营主体';
COMMENT ON COLUMN base_entity.entity.uscc IS '统一社会信用代码';
COMMENT ON COLUMN base_entity.entity.kind IS '类型: 企业, 个体, 合作社, 事业单位';
COMMENT ON COLUMN base_entity.entity.registered_on IS '登记日期, 北京时间';
COMMENT ON COLUMN base_entity.entity.cancelled_on IS '注销或吊销日期, 北京时间';
