CREATE VIEW metro AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" = 'hangzhou.inflow';

CREATE VIEW taxi AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" = 'nyc.taxi';

CREATE VIEW road AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'nab.%' OR "measure" = 'la.speed';
