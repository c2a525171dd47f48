CREATE VIEW road AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'traffic.%';

CREATE VIEW metro AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'metro.%';

CREATE VIEW taxi AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'taxi.%';

CREATE VIEW parking AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'parking.%';
