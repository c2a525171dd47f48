-- Each of the demo's transformers is rated at 200 MVA.
CREATE VIEW electricity AS
SELECT ts, region, series, "measure", val, CASE WHEN "measure" = 'power.load' THEN 200000.0 END AS capacity, id
FROM indicators.observations
WHERE "measure" LIKE 'power.%';

CREATE VIEW water AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'water.%';

CREATE VIEW gas AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'gas.%';

CREATE VIEW heat AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'heat.%';

CREATE VIEW drain AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'drain.%';
