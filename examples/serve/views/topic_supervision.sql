-- The library topic_supervision: no table of its own, only views. Columns are named, so a new column of the source changes nothing here.
CREATE VIEW inspection AS
SELECT inspected_at, district, trade, passed
FROM topic_market.inspection
WHERE passed IS NOT NULL;

-- A view may read several libraries.
CREATE VIEW latest AS
SELECT code, region, MAX(ts) AS ts
FROM indicators.vital_signs
WHERE trust <> 'missing'
GROUP BY code, region;
