CREATE VIEW air AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'beijing.%';

CREATE VIEW air_hour AS
SELECT ts, region, AVG(CASE WHEN "measure" = 'beijing.pm25' THEN val END) AS pm25, AVG(CASE WHEN "measure" = 'beijing.pm10' THEN val END) AS pm10,
  AVG(CASE WHEN "measure" = 'beijing.so2' THEN val END) AS so2, AVG(CASE WHEN "measure" = 'beijing.no2' THEN val END) AS no2,
  AVG(CASE WHEN "measure" = 'beijing.co' THEN val END) / 1000 AS co, AVG(CASE WHEN "measure" = 'beijing.o3' THEN val END) AS o3
FROM air
GROUP BY ts, region;

-- A day is good when no pollutant exceeds its limit of the index 100; it is valid when all six are there, ozone's eight hours within the day.
CREATE VIEW air_day AS
SELECT ts, region, CASE WHEN pm25 IS NOT NULL AND pm10 IS NOT NULL AND so2 IS NOT NULL AND no2 IS NOT NULL AND co IS NOT NULL AND o3_8h IS NOT NULL
    THEN CASE WHEN pm25 <= 75 AND pm10 <= 150 AND so2 <= 150 AND no2 <= 80 AND co <= 4 AND o3_8h <= 160 THEN 1 ELSE 0 END END AS good
FROM (SELECT day_start AS ts, region, AVG(pm25) AS pm25, AVG(pm10) AS pm10, AVG(so2) AS so2, AVG(no2) AS no2, AVG(co) AS co, MAX(o3_8h) AS o3_8h
  FROM (SELECT day_start, region, pm25, pm10, so2, no2, co,
      CASE WHEN COUNT(*) OVER eight = 8 AND COUNT(o3) OVER eight >= 6 THEN AVG(o3) OVER eight END AS o3_8h
    FROM (SELECT TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai') AS day_start, ts, region, pm25, pm10, so2, no2, co, o3 FROM air_hour) AS hours
    WINDOW eight AS (PARTITION BY region, day_start ORDER BY ts ROWS BETWEEN 7 PRECEDING AND CURRENT ROW)) AS windows
  GROUP BY day_start, region) AS days;
