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

CREATE VIEW waterworks AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'waterworks.%';

CREATE VIEW pump AS
SELECT ts, region, series, "measure", val, id
FROM indicators.observations
WHERE "measure" LIKE 'pump.%';

-- The supply's temperature beside the outdoor one of the same place and time.
CREATE VIEW heat_exchange AS
SELECT ts, region, MAX(CASE WHEN "measure" = 'heat.supply_temp' THEN val END) AS supply,
  MAX(CASE WHEN "measure" = 'temp.air' THEN val END) AS outdoor
FROM indicators.observations
WHERE "measure" IN ('heat.supply_temp', 'temp.air')
GROUP BY ts, region;
