CREATE VIEW team AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'team.%';
