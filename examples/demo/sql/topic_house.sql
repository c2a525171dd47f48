-- 住房主题库. Made up; dates are days in Shanghai.
CREATE SCHEMA IF NOT EXISTS topic_house;

CREATE TABLE topic_house.sale_month (
  month_on date NOT NULL,
  region char(6) NOT NULL,
  sold_m2 double precision NOT NULL,
  unsold_m2 double precision NOT NULL,
  PRIMARY KEY (month_on, region)
);
COMMENT ON TABLE topic_house.sale_month IS '新建商品房销售与库存月报';
COMMENT ON COLUMN topic_house.sale_month.month_on IS '该月一日';
COMMENT ON COLUMN topic_house.sale_month.sold_m2 IS '当月销售面积, 平方米';
COMMENT ON COLUMN topic_house.sale_month.unsold_m2 IS '月末已批准预售未售面积, 平方米';

CREATE TABLE topic_house.unsafe_house (
  id bigint PRIMARY KEY,
  region char(6) NOT NULL,
  registered_on date NOT NULL,
  due_on date NOT NULL,
  resolved_on date CHECK (resolved_on >= registered_on)
);
CREATE INDEX unsafe_house_due ON topic_house.unsafe_house (due_on);
COMMENT ON TABLE topic_house.unsafe_house IS '危险房屋台账';
COMMENT ON COLUMN topic_house.unsafe_house.due_on IS '应解除日期, 登记后90日, 演示取值';
COMMENT ON COLUMN topic_house.unsafe_house.resolved_on IS '改造、腾空或拆除完成日期; 空为未解除';

CREATE FUNCTION topic_house.add_sales(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_house.sale_month
  SELECT date_trunc('month', day)::date, region,
    round(mean * (1 - 0.15 * demo.winter(day)) * (0.85 + 0.3 * demo.noise('sale/' || region || '/' || day))),
    round(mean * (10 + 8 * demo.noise('sale/' || region) + 2 * sin(2 * pi() * ((day - DATE '2000-01-01') / 500.0 + demo.noise('sale/' || region)))))
  FROM (SELECT region, 180000 * demo.weight(region) AS mean FROM demo.district) AS market
  WHERE demo.is_month_end(day)
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_house.add_unsafe_houses(day date) RETURNS void LANGUAGE sql AS $$
  INSERT INTO topic_house.unsafe_house
  SELECT id, region, day, day + 90, day + floor(CASE WHEN demo.noise(key || '/late') < 0.015 THEN 95 + 60 * demo.noise(key || '/way')
    ELSE 5 + 85 * demo.noise(key || '/way') END)::integer
  FROM demo.items(day, 'unsafe', 0.12, 0, 0)
  ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION topic_house.add_day(day date) RETURNS void LANGUAGE sql AS $$
  SELECT topic_house.add_sales(day), topic_house.add_unsafe_houses(day)
$$;
