CREATE VIEW air AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'beijing.%';
