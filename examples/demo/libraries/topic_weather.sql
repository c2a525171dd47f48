CREATE VIEW station AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" IN ('rain.mm', 'temp.air');
