CREATE VIEW air AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'air.%';

CREATE VIEW noise AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'noise.%';

-- The night from 22:00 to 06:00 belongs to the day on which it begins. The limits are those of GB 3096-2008: a first point of each district lies in a
-- quiet quarter, the second at a main road.
CREATE VIEW noise_night AS
SELECT TIME_FLOOR(ts - INTERVAL '6' HOUR, 'P1D', 'Asia/Shanghai') AS ts, region, series, 10 * LOG10(AVG(POWER(10.0, val / 10.0))) AS leq,
  MAX(CASE WHEN series LIKE '%.1' THEN 45 ELSE 55 END) AS limit_db
FROM noise
WHERE EXTRACT(HOUR FROM ts) >= 14 AND EXTRACT(HOUR FROM ts) < 22
GROUP BY TIME_FLOOR(ts - INTERVAL '6' HOUR, 'P1D', 'Asia/Shanghai'), region, series;

-- Hourly means of each district and, from all its readings, of the city.
CREATE VIEW air_hour AS
SELECT TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS ts, region, AVG(CASE WHEN "measure" = 'air.pm25' THEN val END) AS pm25,
  AVG(CASE WHEN "measure" = 'air.pm10' THEN val END) AS pm10, AVG(CASE WHEN "measure" = 'air.so2' THEN val END) AS so2,
  AVG(CASE WHEN "measure" = 'air.no2' THEN val END) AS no2, AVG(CASE WHEN "measure" = 'air.co' THEN val END) AS co,
  AVG(CASE WHEN "measure" = 'air.o3' THEN val END) AS o3
FROM air
GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region
UNION ALL
SELECT TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS ts, SUBSTRING(region FROM 1 FOR 4) || '00' AS region,
  AVG(CASE WHEN "measure" = 'air.pm25' THEN val END) AS pm25, AVG(CASE WHEN "measure" = 'air.pm10' THEN val END) AS pm10,
  AVG(CASE WHEN "measure" = 'air.so2' THEN val END) AS so2, AVG(CASE WHEN "measure" = 'air.no2' THEN val END) AS no2,
  AVG(CASE WHEN "measure" = 'air.co' THEN val END) AS co, AVG(CASE WHEN "measure" = 'air.o3' THEN val END) AS o3
FROM air
GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), SUBSTRING(region FROM 1 FOR 4) || '00';

-- A day is good when no pollutant exceeds its limit of the index 100; it is valid when all six are there. The plan is the demo's own.
CREATE VIEW air_day AS
SELECT ts, region, CASE WHEN pm25 > 75 OR pm10 > 150 OR so2 > 150 OR no2 > 80 OR co > 4 OR o3_8h > 160 THEN 0
    WHEN pm25 IS NOT NULL AND pm10 IS NOT NULL AND so2 IS NOT NULL AND no2 IS NOT NULL AND co IS NOT NULL AND o3_8h IS NOT NULL THEN 1 END AS good,
  85.0 AS plan
FROM (SELECT day_start AS ts, region, AVG(pm25) AS pm25, AVG(pm10) AS pm10, AVG(so2) AS so2, AVG(no2) AS no2, AVG(co) AS co, MAX(o3_8h) AS o3_8h
  FROM (SELECT day_start, region, pm25, pm10, so2, no2, co,
      CASE WHEN COUNT(*) OVER eight = 8 AND COUNT(o3) OVER eight >= 6 THEN AVG(o3) OVER eight END AS o3_8h
    FROM (SELECT TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai') AS day_start, ts, region, pm25, pm10, so2, no2, co, o3 FROM air_hour) AS hours
    WINDOW eight AS (PARTITION BY region, day_start ORDER BY ts ROWS BETWEEN 7 PRECEDING AND CURRENT ROW)) AS windows
  GROUP BY day_start, region) AS days;

CREATE VIEW sewage AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'sewage.%';

CREATE VIEW river AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'river.%';
