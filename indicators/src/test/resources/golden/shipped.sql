-- CVS-AFF-0001
SELECT
  TIME_FLOOR(CAST(month_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(done_online) AS a_0,
  SUM(done) AS b_0,
  SUM(plan_share) AS a_0_1,
  COUNT(plan_share) AS b_0_1,
  COUNT(*) AS n_0
FROM topic_gov.service_month
WHERE CAST(month_on AS TIMESTAMP) >= TIMESTAMP '2025-12-31 16:00:00'
  AND CAST(month_on AS TIMESTAMP) < TIMESTAMP '2026-01-31 16:00:00'
GROUP BY TIME_FLOOR(CAST(month_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai'), region;

-- CVS-DIS-0001
SELECT
  TIME_FLOOR(CAST(closed_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(succeeded) AS a_0,
  COUNT(succeeded) AS b_0
FROM topic_gov.dispute
WHERE CAST(closed_on AS TIMESTAMP) >= TIMESTAMP '2025-12-31 16:00:00'
  AND CAST(closed_on AS TIMESTAMP) < TIMESTAMP '2026-01-31 16:00:00'
GROUP BY TIME_FLOOR(CAST(closed_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai'), region;

-- CVS-ECO-0001
SELECT
  TIME_FLOOR(CAST(month_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(difference) AS a_0,
  SUM(base) AS b_0,
  COUNT(*) AS n_0
FROM (SELECT MAX(u.month_on) AS month_on, u.region, SUM(u.kwh) - SUM(b.kwh) AS difference, SUM(b.kwh) AS base FROM topic_econ.power_use AS u JOIN topic_econ.power_use AS b ON b.region = u.region AND b.stat_month = u.stat_month AND b.stat_year = u.stat_year - 1 GROUP BY u.region, u.stat_year, CASE WHEN u.stat_month = 1 THEN 2 ELSE u.stat_month END HAVING COUNT(*) = CASE WHEN MAX(u.stat_month) <= 2 THEN 2 ELSE 1 END) AS source
WHERE CAST(month_on AS TIMESTAMP) >= TIMESTAMP '2025-12-31 16:00:00'
  AND CAST(month_on AS TIMESTAMP) < TIMESTAMP '2026-01-31 16:00:00'
GROUP BY TIME_FLOOR(CAST(month_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai'), region;

-- CVS-ECO-0002
SELECT
  TIME_FLOOR(CAST(registered_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  COUNT(*) AS a_0
FROM base_entity.entity
WHERE CAST(registered_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(registered_on AS TIMESTAMP) < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(CAST(registered_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai'), district;

-- CVS-ECO-0003
SELECT
  TIME_FLOOR(CAST(reg_day AS TIMESTAMP), 'P1M', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  SUM(closed) AS a_0,
  SUM(opened) AS b_0,
  COUNT(*) AS n_0
FROM (SELECT registered_on AS reg_day, district, 1 AS opened, 0 AS closed FROM base_entity.entity UNION ALL SELECT cancelled_on, district, 0, 1 FROM base_entity.entity WHERE cancelled_on IS NOT NULL) AS source
WHERE CAST(reg_day AS TIMESTAMP) >= TIMESTAMP '2025-12-31 16:00:00'
  AND CAST(reg_day AS TIMESTAMP) < TIMESTAMP '2026-01-31 16:00:00'
GROUP BY TIME_FLOOR(CAST(reg_day AS TIMESTAMP), 'P1M', 'Asia/Shanghai'), district;

-- CVS-ECO-0004
SELECT
  TIME_FLOOR(CAST(listed_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  COUNT(*) AS a_0
FROM (SELECT r.listed_on, e.district, r.kind FROM base_credit.record r JOIN base_entity.entity e ON r.uscc = e.uscc) AS source
WHERE CAST(listed_on AS TIMESTAMP) >= TIMESTAMP '2025-12-31 16:00:00'
  AND CAST(listed_on AS TIMESTAMP) < TIMESTAMP '2026-01-31 16:00:00'
  AND (kind = 'dishonest')
GROUP BY TIME_FLOOR(CAST(listed_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai'), district;

-- CVS-ECO-0005
SELECT
  TIME_FLOOR(CAST(week_on AS TIMESTAMP), 'P1W', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(difference) AS a_0,
  SUM(base) AS b_0,
  COUNT(*) AS n_0
FROM (SELECT week_on, region, daily - base AS difference, base FROM (SELECT week_on, region, amount / workdays AS daily, LAG(amount / workdays) OVER (PARTITION BY region ORDER BY week_on) AS base FROM topic_econ.invoice_week WHERE workdays > 0) AS weeks WHERE base IS NOT NULL) AS source
WHERE CAST(week_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(week_on AS TIMESTAMP) < TIMESTAMP '2026-01-11 16:00:00'
GROUP BY TIME_FLOOR(CAST(week_on AS TIMESTAMP), 'P1W', 'Asia/Shanghai'), region;

-- CVS-EMG-0001
SELECT
  TIMESTAMP '2026-01-05 04:00:00' AS period_start,
  district AS region_code,
  COUNT(*) AS a_0,
  COUNT(CASE WHEN level = 2 THEN 1 END) AS a_0_1,
  COUNT(CASE WHEN level = 1 THEN 1 END) AS a_0_2
FROM topic_emerg.event
WHERE (closed_at IS NULL)
GROUP BY district;

-- CVS-EMG-0002
SELECT
  TIMESTAMP '2026-01-05 04:00:00' AS period_start,
  district AS region_code,
  COUNT(*) AS a_0,
  MAX(CASE WHEN colour = 'blue' THEN 1 ELSE 0 END) AS a_0_1,
  MAX(CASE WHEN colour = 'yellow' THEN 1 ELSE 0 END) AS a_0_2,
  MAX(CASE WHEN colour = 'orange' THEN 1 ELSE 0 END) AS a_0_3,
  MAX(CASE WHEN colour = 'red' THEN 1 ELSE 0 END) AS a_0_4
FROM topic_emerg.warning
WHERE (sent_at <= CURRENT_TIMESTAMP AND expires_at > CURRENT_TIMESTAMP)
GROUP BY district;

-- CVS-EMG-0003
SELECT
  TIME_FLOOR(acknowledged_at, 'PT1H', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  (minutes) AS sample,
  SUM(minutes) AS a_0,
  COUNT(minutes) AS b_0,
  COUNT(*) AS n_0
FROM (SELECT acknowledged_at, region, minutes FROM operations.alert_response WHERE acknowledged_at IS NOT NULL AND region <> city UNION ALL SELECT acknowledged_at, city, minutes FROM operations.alert_response WHERE acknowledged_at IS NOT NULL) AS source
WHERE acknowledged_at >= TIMESTAMP '2026-01-05 04:00:00'
  AND acknowledged_at < TIMESTAMP '2026-01-05 05:00:00'
GROUP BY TIME_FLOOR(acknowledged_at, 'PT1H', 'Asia/Shanghai'), region, (minutes);

-- CVS-EMG-0004
SELECT
  TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(CASE WHEN "measure" = 'team.ready' THEN val END) AS a_0,
  SUM(CASE WHEN "measure" = 'team.total' THEN val END) AS b_0,
  COUNT(*) AS n_0
FROM topic_emerg_live.team
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 05:00:00'
  AND (("measure" IN ('team.ready', 'team.total')))
GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region;

-- CVS-EMG-0005
SELECT
  TIME_FLOOR(CAST(assessed_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  SUM(capacity) AS a_0,
  SUM(exposed) AS b_0,
  COUNT(*) AS n_0
FROM (SELECT e.assessed_on, e.district, s.capacity, e.exposed FROM topic_emerg.exposure e JOIN (SELECT district, SUM(capacity) AS capacity FROM topic_emerg.shelter GROUP BY district) s ON e.district = s.district) AS source
WHERE CAST(assessed_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(assessed_on AS TIMESTAMP) < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(CAST(assessed_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai'), district;

-- CVS-ENV-0001, CVS-ENV-0002
SELECT
  TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(val) FILTER (WHERE ("measure" = 'air.pm25')) AS a_0,
  COUNT(val) FILTER (WHERE ("measure" = 'air.pm25')) AS b_0,
  COUNT(*) FILTER (WHERE ("measure" = 'air.pm25')) AS n_0,
  SUM(CASE WHEN "measure" = 'air.pm25' THEN val END) AS a_1,
  COUNT(CASE WHEN "measure" = 'air.pm25' THEN val END) AS b_1,
  SUM(CASE WHEN "measure" = 'air.pm10' THEN val END) AS a_1_1,
  COUNT(CASE WHEN "measure" = 'air.pm10' THEN val END) AS b_1_1,
  SUM(CASE WHEN "measure" = 'air.o3' THEN val END) AS a_1_2,
  COUNT(CASE WHEN "measure" = 'air.o3' THEN val END) AS b_1_2,
  SUM(CASE WHEN "measure" = 'air.no2' THEN val END) AS a_1_3,
  COUNT(CASE WHEN "measure" = 'air.no2' THEN val END) AS b_1_3,
  SUM(CASE WHEN "measure" = 'air.so2' THEN val END) AS a_1_4,
  COUNT(CASE WHEN "measure" = 'air.so2' THEN val END) AS b_1_4,
  SUM(CASE WHEN "measure" = 'air.co' THEN val END) AS a_1_5,
  COUNT(CASE WHEN "measure" = 'air.co' THEN val END) AS b_1_5,
  COUNT(*) AS n_1
FROM topic_env.air
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 05:00:00'
GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region;

-- CVS-ENV-0003
SELECT
  TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(good) AS a_0,
  COUNT(good) AS b_0,
  SUM(plan) AS a_0_1,
  COUNT(plan) AS b_0_1
FROM topic_env.air_day
WHERE ts >= TIMESTAMP '2025-12-31 16:00:00'
  AND ts < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai'), region;

-- CVS-ENV-0004
SELECT
  TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS sample,
  SUM(val) AS a_0,
  COUNT(val) AS b_0,
  COUNT(*) AS n_0
FROM topic_env.air
WHERE ts >= TIMESTAMP '2026-01-04 16:00:00'
  AND ts < TIMESTAMP '2026-01-05 16:00:00'
  AND (("measure" = 'air.o3'))
GROUP BY TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai'), region, TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai');

-- CVS-ENV-0005
SELECT
  TIME_FLOOR(CAST(assessed_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  COUNT(CASE WHEN quality <= 3 THEN 1 END) AS a_0,
  COUNT(*) AS b_0,
  COUNT(CASE WHEN quality >= 5 THEN 1 END) AS a_0_1
FROM topic_env_records.water_section
WHERE CAST(assessed_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(assessed_on AS TIMESTAMP) < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(CAST(assessed_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai'), district;

-- CVS-ENV-0006
SELECT
  TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  COUNT(CASE WHEN leq > limit_db THEN 1 END) AS a_0,
  COUNT(*) AS b_0
FROM topic_env.noise_night
WHERE ts >= TIMESTAMP '2026-01-04 16:00:00'
  AND ts < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai'), region;

-- CVS-ENV-0007
SELECT
  TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  MAX(val) AS a_0,
  COUNT(*) AS n_0
FROM topic_env.sewage
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 05:00:00'
  AND (("measure" = 'sewage.cod'))
GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region;

-- CVS-GOV-0001
SELECT
  TIME_FLOOR(CAST(due_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  COUNT(CASE WHEN submitted_on <= due_on THEN 1 END) AS a_0,
  COUNT(*) AS b_0
FROM topic_gov.catalogue_change
WHERE CAST(due_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(due_on AS TIMESTAMP) < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(CAST(due_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai'), region;

-- CVS-GOV-0002
SELECT
  TIME_FLOOR(CAST(day_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(weight * CAST(passed_rows AS DOUBLE) / checked_rows) AS a_0,
  SUM(weight) AS b_0,
  COUNT(*) AS n_0
FROM operations.rule_pass
WHERE CAST(day_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(day_on AS TIMESTAMP) < TIMESTAMP '2026-01-05 16:00:00'
  AND (checked_rows > 0)
GROUP BY TIME_FLOOR(CAST(day_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai'), region;

-- CVS-GOV-0003
SELECT
  TIME_FLOOR(CAST(settled_on AS TIMESTAMP), 'P1W', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  COUNT(CASE WHEN closed_on <= due_on THEN 1 END) AS a_0,
  COUNT(*) AS b_0
FROM operations.data_issue
WHERE CAST(settled_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(settled_on AS TIMESTAMP) < TIMESTAMP '2026-01-11 16:00:00'
GROUP BY TIME_FLOOR(CAST(settled_on AS TIMESTAMP), 'P1W', 'Asia/Shanghai'), region;

-- CVS-GRS-0001
SELECT
  TIME_FLOOR(due_at, 'P1D', 'Asia/Shanghai') AS period_start,
  grid AS region_code,
  COUNT(CASE WHEN closed_at <= due_at THEN 1 END) AS a_0,
  COUNT(*) AS b_0
FROM topic_gov.grid_event
WHERE due_at >= TIMESTAMP '2026-01-04 16:00:00'
  AND due_at < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(due_at, 'P1D', 'Asia/Shanghai'), grid;

-- CVS-HLT-0001
SELECT
  TIME_FLOOR(called_at, 'PT1H', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(TIMESTAMPDIFF(SECOND, called_at, arrived_at) / 60.0) AS a_0,
  COUNT(TIMESTAMPDIFF(SECOND, called_at, arrived_at) / 60.0) AS b_0,
  COUNT(*) AS n_0
FROM topic_health.ambulance
WHERE called_at >= TIMESTAMP '2026-01-05 04:00:00'
  AND called_at < TIMESTAMP '2026-01-05 05:00:00'
  AND (arrived_at IS NOT NULL)
GROUP BY TIME_FLOOR(called_at, 'PT1H', 'Asia/Shanghai'), region;

-- CVS-HLT-0002
SELECT
  TIME_FLOOR(CAST(day_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(visits) AS a_0,
  COUNT(*) AS n_0
FROM topic_health.fever_clinic
WHERE CAST(day_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(day_on AS TIMESTAMP) < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(CAST(day_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai'), region;

-- CVS-HLT-0003
SELECT
  TIME_FLOOR(CAST(week_on AS TIMESTAMP), 'P1W', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(ili) AS a_0,
  SUM(outpatients) AS b_0,
  SUM(baseline) AS a_0_1,
  COUNT(baseline) AS b_0_1,
  COUNT(*) AS n_0
FROM topic_health.ili_week
WHERE CAST(week_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(week_on AS TIMESTAMP) < TIMESTAMP '2026-01-11 16:00:00'
GROUP BY TIME_FLOOR(CAST(week_on AS TIMESTAMP), 'P1W', 'Asia/Shanghai'), region;

-- CVS-HLT-0004
SELECT
  TIME_FLOOR(CAST(day_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(occupied_beds) AS a_0,
  SUM(open_beds) AS b_0,
  COUNT(*) AS n_0
FROM topic_health.bed_day
WHERE CAST(day_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(day_on AS TIMESTAMP) < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(CAST(day_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai'), region;

-- CVS-HLT-0005
SELECT
  TIME_FLOOR(CAST(day_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(stock_units) AS a_0,
  SUM(mean_units) AS b_0,
  COUNT(*) AS n_0
FROM (SELECT day_on, region, stock_units, mean_units FROM (SELECT day_on, region, stock_units, mean_units, ROW_NUMBER() OVER (PARTITION BY day_on, region ORDER BY stock_units / mean_units, blood_type) AS place FROM (SELECT day_on, region, blood_type, stock_units, AVG(used_units) OVER (PARTITION BY region, blood_type ORDER BY day_on ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS mean_units, COUNT(*) OVER (PARTITION BY region, blood_type ORDER BY day_on ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS days FROM topic_health.blood_day) AS daily WHERE days = 7 AND mean_units > 0) AS ranked WHERE place = 1) AS source
WHERE CAST(day_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(day_on AS TIMESTAMP) < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(CAST(day_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai'), region;

-- CVS-HOT-0001, CVS-HOT-0002
SELECT
  TIME_FLOOR(called_at, 'PT1H', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  COUNT(*) AS a_0,
  COUNT(answered_at) AS a_1
FROM topic_hotline.calls
WHERE called_at >= TIMESTAMP '2026-01-05 04:00:00'
  AND called_at < TIMESTAMP '2026-01-05 05:00:00'
GROUP BY TIME_FLOOR(called_at, 'PT1H', 'Asia/Shanghai'), district;

-- CVS-HOT-0003
SELECT
  TIME_FLOOR(due_at, 'P1D', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  COUNT(CASE WHEN closed_at <= due_at THEN 1 END) AS a_0,
  COUNT(*) AS b_0
FROM topic_hotline.calls
WHERE due_at >= TIMESTAMP '2026-01-04 16:00:00'
  AND due_at < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(due_at, 'P1D', 'Asia/Shanghai'), district;

-- CVS-HOT-0004, CVS-HOT-0005
SELECT
  TIME_FLOOR(closed_at, 'P1W', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  SUM(satisfied) AS a_0,
  COUNT(satisfied) AS b_0,
  COUNT(CASE WHEN redone >= 1 THEN 1 END) AS a_1,
  COUNT(*) AS b_1
FROM topic_hotline.calls
WHERE closed_at >= TIMESTAMP '2026-01-04 16:00:00'
  AND closed_at < TIMESTAMP '2026-01-11 16:00:00'
GROUP BY TIME_FLOOR(closed_at, 'P1W', 'Asia/Shanghai'), district;

-- CVS-HOU-0001
SELECT
  TIME_FLOOR(CAST(month_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(unsold_m2) AS a_0,
  SUM(mean_m2) AS b_0,
  COUNT(*) AS n_0
FROM (SELECT month_on, region, unsold_m2, mean_m2 FROM (SELECT month_on, region, unsold_m2, AVG(sold_m2) OVER (PARTITION BY region ORDER BY month_on ROWS BETWEEN 11 PRECEDING AND CURRENT ROW) AS mean_m2, COUNT(*) OVER (PARTITION BY region ORDER BY month_on ROWS BETWEEN 11 PRECEDING AND CURRENT ROW) AS months FROM topic_house.sale_month) AS s WHERE months = 12) AS source
WHERE CAST(month_on AS TIMESTAMP) >= TIMESTAMP '2025-12-31 16:00:00'
  AND CAST(month_on AS TIMESTAMP) < TIMESTAMP '2026-01-31 16:00:00'
GROUP BY TIME_FLOOR(CAST(month_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai'), region;

-- CVS-HOU-0002
SELECT
  TIME_FLOOR(CAST(due_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  COUNT(CASE WHEN resolved_on <= due_on THEN 1 END) AS a_0,
  COUNT(*) AS b_0
FROM topic_house.unsafe_house
WHERE CAST(due_on AS TIMESTAMP) >= TIMESTAMP '2025-12-31 16:00:00'
  AND CAST(due_on AS TIMESTAMP) < TIMESTAMP '2026-01-31 16:00:00'
GROUP BY TIME_FLOOR(CAST(due_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai'), region;

-- CVS-MKT-0001
SELECT
  TIME_FLOOR(due_at, 'P1W', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  COUNT(CASE WHEN closed_at <= due_at THEN 1 END) AS a_0,
  COUNT(*) AS b_0
FROM topic_econ.complaint
WHERE due_at >= TIMESTAMP '2026-01-04 16:00:00'
  AND due_at < TIMESTAMP '2026-01-11 16:00:00'
GROUP BY TIME_FLOOR(due_at, 'P1W', 'Asia/Shanghai'), region;

-- CVS-OPN-0001
SELECT
  TIME_FLOOR(CAST(due_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  COUNT(CASE WHEN replied_on <= due_on THEN 1 END) AS a_0,
  COUNT(*) AS b_0
FROM topic_gov.disclosure_request
WHERE CAST(due_on AS TIMESTAMP) >= TIMESTAMP '2025-12-31 16:00:00'
  AND CAST(due_on AS TIMESTAMP) < TIMESTAMP '2026-01-31 16:00:00'
GROUP BY TIME_FLOOR(CAST(due_on AS TIMESTAMP), 'P1M', 'Asia/Shanghai'), region;

-- CVS-RES-0001
SELECT
  TIMESTAMP '2025-12-31 16:00:00' AS period_start,
  region AS region_code,
  COUNT(*) AS a_0
FROM topic_urban_records.land_patch
WHERE (verified_on IS NULL AND open_days > 30)
GROUP BY region;

-- CVS-SAF-0001
SELECT
  TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  COUNT(*) AS a_0
FROM topic_safety.alarm
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 05:00:00'
  AND (("measure" = 'safety.alarm110'))
GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region;

-- CVS-SAF-0002
SELECT
  TIME_FLOOR(CAST(reported_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  SUM(cases) AS a_0,
  SUM(residents) AS b_0,
  COUNT(*) AS n_0
FROM (SELECT c.reported_on, c.district, c.cases, p.residents FROM topic_safety_records.criminal_daily c JOIN base_population.total p ON c.district = p.district AND c.reported_on >= p.valid_from AND c.reported_on < p.valid_to) AS source
WHERE CAST(reported_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(reported_on AS TIMESTAMP) < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(CAST(reported_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai'), district;

-- CVS-SAF-0003
SELECT
  TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  COUNT(*) AS a_0
FROM topic_safety.alarm
WHERE ts >= TIMESTAMP '2026-01-04 16:00:00'
  AND ts < TIMESTAMP '2026-01-05 16:00:00'
  AND (("measure" = 'safety.fire119'))
GROUP BY TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai'), region;

-- CVS-SAF-0004
SELECT
  TIME_FLOOR(called_at, 'P1D', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  COUNT(CASE WHEN arrived_at <= called_at + INTERVAL '5' MINUTE THEN 1 END) AS a_0,
  COUNT(*) AS b_0
FROM topic_safety_records.fire_dispatch
WHERE called_at >= TIMESTAMP '2026-01-04 16:00:00'
  AND called_at < TIMESTAMP '2026-01-05 16:00:00'
  AND (arrived_at IS NOT NULL)
GROUP BY TIME_FLOOR(called_at, 'P1D', 'Asia/Shanghai'), district;

-- CVS-SAF-0005
SELECT
  TIME_FLOOR(ts, 'PT5M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  MAX(val) AS a_0,
  COUNT(*) AS n_0
FROM topic_safety.crowd
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:05:00'
  AND (("measure" = 'crowd.density'))
GROUP BY TIME_FLOOR(ts, 'PT5M', 'Asia/Shanghai'), region;

-- CVS-SAF-0006
SELECT
  TIME_FLOOR(happened_at, 'P1M', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  COUNT(*) AS a_0,
  COUNT(CASE WHEN deaths > 0 THEN 1 END) AS a_0_1
FROM topic_safety_records.prod_accident
WHERE happened_at >= TIMESTAMP '2025-12-31 16:00:00'
  AND happened_at < TIMESTAMP '2026-01-31 16:00:00'
GROUP BY TIME_FLOOR(happened_at, 'P1M', 'Asia/Shanghai'), district;

-- CVS-TRF-0001, CVS-TRF-0002, CVS-TRF-0003, CVS-TRF-0004
SELECT
  TIME_FLOOR(ts, 'PT5M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(CASE WHEN "measure" = 'traffic.index_km' THEN val END) FILTER (WHERE ("measure" IN ('traffic.index_km', 'traffic.lane_km'))) AS a_0,
  SUM(CASE WHEN "measure" = 'traffic.lane_km' THEN val END) FILTER (WHERE ("measure" IN ('traffic.index_km', 'traffic.lane_km'))) AS b_0,
  COUNT(*) FILTER (WHERE ("measure" IN ('traffic.index_km', 'traffic.lane_km'))) AS n_0,
  COUNT(val) FILTER (WHERE ("measure" = 'traffic.speed' AND val > 0)) AS a_1,
  SUM(1.0 / val) FILTER (WHERE ("measure" = 'traffic.speed' AND val > 0)) AS b_1,
  COUNT(*) FILTER (WHERE ("measure" = 'traffic.speed' AND val > 0)) AS n_1,
  SUM(CASE WHEN "measure" = 'traffic.congested_km' THEN val END) FILTER (WHERE ("measure" IN ('traffic.congested_km', 'traffic.lane_km'))) AS a_2,
  SUM(CASE WHEN "measure" = 'traffic.lane_km' THEN val END) FILTER (WHERE ("measure" IN ('traffic.congested_km', 'traffic.lane_km'))) AS b_2,
  COUNT(*) FILTER (WHERE ("measure" IN ('traffic.congested_km', 'traffic.lane_km'))) AS n_2,
  SUM(val) FILTER (WHERE ("measure" = 'traffic.flow')) AS a_3,
  COUNT(*) FILTER (WHERE ("measure" = 'traffic.flow')) AS n_3
FROM topic_traffic.road
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:05:00'
  AND ((("measure" IN ('traffic.index_km', 'traffic.lane_km'))) OR (("measure" = 'traffic.speed' AND val > 0)) OR (("measure" IN ('traffic.congested_km', 'traffic.lane_km'))) OR (("measure" = 'traffic.flow')))
GROUP BY TIME_FLOOR(ts, 'PT5M', 'Asia/Shanghai'), region;

-- CVS-TRF-0005
SELECT
  TIME_FLOOR(ts, 'PT10M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(val) AS a_0,
  SUM(capacity) AS b_0_1,
  COUNT(*) AS n_0
FROM (SELECT i.ts, i.region, i.series, i.val, s.capacity FROM topic_traffic.metro i JOIN topic_traffic_records.metro_station s ON i.series = s.series WHERE i."measure" = 'metro.inflow') AS source
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:10:00'
GROUP BY TIME_FLOOR(ts, 'PT10M', 'Asia/Shanghai'), region;

-- CVS-TRF-0006
SELECT
  TIME_FLOOR(ts, 'PT30M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(val) AS a_0,
  COUNT(*) AS n_0
FROM topic_traffic.taxi
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:30:00'
  AND (("measure" = 'taxi.trips'))
GROUP BY TIME_FLOOR(ts, 'PT30M', 'Asia/Shanghai'), region;

-- CVS-TRF-0007
SELECT
  TIME_FLOOR(planned_at, 'P1D', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  COUNT(CASE WHEN arrived_at >= planned_at - INTERVAL '60' SECOND AND arrived_at <= planned_at + INTERVAL '180' SECOND THEN 1 END) AS a_0,
  COUNT(*) AS b_0
FROM topic_traffic_records.bus_arrival
WHERE planned_at >= TIMESTAMP '2026-01-04 16:00:00'
  AND planned_at < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(planned_at, 'P1D', 'Asia/Shanghai'), district;

-- CVS-TRF-0008
SELECT
  TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  COUNT(*) AS a_0
FROM topic_traffic.road
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 05:00:00'
  AND (("measure" = 'traffic.accident'))
GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region;

-- CVS-TRF-0009
SELECT
  TIME_FLOOR(ts, 'PT30M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(CASE WHEN "measure" = 'parking.occupied' THEN val END) AS a_0,
  SUM(CASE WHEN "measure" = 'parking.capacity' THEN val END) AS b_0,
  COUNT(*) AS n_0
FROM topic_traffic.parking
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:30:00'
  AND (("measure" IN ('parking.occupied', 'parking.capacity')))
GROUP BY TIME_FLOOR(ts, 'PT30M', 'Asia/Shanghai'), region;

-- CVS-URB-0001
SELECT
  TIME_FLOOR(due_at, 'P1D', 'Asia/Shanghai') AS period_start,
  street AS region_code,
  COUNT(CASE WHEN closed_at <= due_at THEN 1 END) AS a_0,
  COUNT(*) AS b_0
FROM topic_urban_records.city_case
WHERE due_at >= TIMESTAMP '2026-01-04 16:00:00'
  AND due_at < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(due_at, 'P1D', 'Asia/Shanghai'), street;

-- CVS-URB-0002
SELECT
  TIME_FLOOR(CAST(day_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(tonnes) AS a_0,
  COUNT(*) AS n_0
FROM topic_urban_records.waste_day
WHERE CAST(day_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(day_on AS TIMESTAMP) < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(CAST(day_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai'), region;

-- CVS-URB-0003
SELECT
  TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(CASE WHEN "measure" = 'street.lamp_lit' THEN val END) AS a_0,
  SUM(CASE WHEN "measure" = 'street.lamp_should' THEN val END) AS b_0,
  COUNT(*) AS n_0
FROM topic_urban.street
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 05:00:00'
  AND (("measure" IN ('street.lamp_lit', 'street.lamp_should')))
GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region;

-- CVS-URB-0004
SELECT
  TIME_FLOOR(ts, 'PT5M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(val) AS a_0,
  COUNT(*) AS n_0
FROM topic_urban.street
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:05:00'
  AND (("measure" = 'street.manhole_open'))
GROUP BY TIME_FLOOR(ts, 'PT5M', 'Asia/Shanghai'), region;

-- CVS-UTL-0001, CVS-UTL-0003
SELECT
  TIME_FLOOR(ts, 'PT15M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  "measure" AS discriminator,
  SUM(val) AS a_0,
  SUM(capacity) AS b_0_1,
  COUNT(*) AS n_0
FROM topic_util.electricity
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:15:00'
  AND "measure" IN ('power.load', 'power.outage_users')
GROUP BY TIME_FLOOR(ts, 'PT15M', 'Asia/Shanghai'), region, "measure";

-- CVS-UTL-0002
SELECT
  TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  MAX(val) AS a_0,
  COUNT(*) AS n_0
FROM topic_util.electricity
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 05:00:00'
  AND (("measure" = 'power.oil_temp'))
GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region;

-- CVS-UTL-0004
SELECT
  TIME_FLOOR(ts, 'PT15M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  COUNT(CASE WHEN val BETWEEN 0.14 AND 0.6 THEN 1 END) AS a_0,
  COUNT(val) AS b_0,
  COUNT(*) AS n_0
FROM topic_util.water
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:15:00'
  AND (("measure" = 'water.pressure'))
GROUP BY TIME_FLOOR(ts, 'PT15M', 'Asia/Shanghai'), region;

-- CVS-UTL-0005
SELECT
  TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  MIN(val) AS a_0,
  COUNT(*) AS n_0
FROM topic_util.water
WHERE ts >= TIMESTAMP '2026-01-04 16:00:00'
  AND ts < TIMESTAMP '2026-01-05 16:00:00'
  AND (("measure" = 'water.flow' AND EXTRACT(HOUR FROM ts) IN (18, 19)))
GROUP BY TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai'), region;

-- CVS-UTL-0006
SELECT
  TIME_FLOOR(CAST(month_end AS TIMESTAMP), 'P1M', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  SUM(supplied - billed) AS a_0,
  SUM(supplied) AS b_0,
  COUNT(*) AS n_0
FROM topic_util_records.water_balance
WHERE CAST(month_end AS TIMESTAMP) >= TIMESTAMP '2025-12-31 16:00:00'
  AND CAST(month_end AS TIMESTAMP) < TIMESTAMP '2026-01-31 16:00:00'
GROUP BY TIME_FLOOR(CAST(month_end AS TIMESTAMP), 'P1M', 'Asia/Shanghai'), district;

-- CVS-UTL-0007
SELECT
  TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  COUNT(CASE WHEN "measure" = 'waterworks.chlorine' AND val BETWEEN 0.3 AND 2 OR "measure" = 'waterworks.turbidity' AND val <= 1 THEN 1 END) AS a_0,
  COUNT(val) AS b_0,
  COUNT(*) AS n_0
FROM topic_util.waterworks
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 05:00:00'
  AND (("measure" IN ('waterworks.chlorine', 'waterworks.turbidity')))
GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region;

-- CVS-UTL-0008
SELECT
  TIME_FLOOR(ts, 'PT5M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  MIN(val) AS a_0,
  COUNT(*) AS n_0
FROM topic_util.gas
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:05:00'
  AND (("measure" = 'gas.pressure'))
GROUP BY TIME_FLOOR(ts, 'PT5M', 'Asia/Shanghai'), region;

-- CVS-UTL-0009
SELECT
  TIME_FLOOR(ts, 'PT1M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  COUNT(CASE WHEN val >= 20 THEN 1 END) AS a_0,
  COUNT(CASE WHEN val >= 50 THEN 1 END) AS a_0_1,
  COUNT(*) AS n_0
FROM topic_util.gas
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:01:00'
  AND (("measure" = 'gas.lel'))
GROUP BY TIME_FLOOR(ts, 'PT1M', 'Asia/Shanghai'), region;

-- CVS-UTL-0010
SELECT
  TIME_FLOOR(CAST(supplied_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai') AS period_start,
  district AS region_code,
  SUM(supply) AS a_0,
  SUM(forecast) AS b_0,
  COUNT(*) AS n_0
FROM topic_util_records.gas_daily
WHERE CAST(supplied_on AS TIMESTAMP) >= TIMESTAMP '2026-01-04 16:00:00'
  AND CAST(supplied_on AS TIMESTAMP) < TIMESTAMP '2026-01-05 16:00:00'
GROUP BY TIME_FLOOR(CAST(supplied_on AS TIMESTAMP), 'P1D', 'Asia/Shanghai'), district;

-- CVS-UTL-0011
SELECT
  TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  COUNT(CASE WHEN val >= 18 THEN 1 END) AS a_0,
  COUNT(val) AS b_0,
  COUNT(*) AS n_0
FROM topic_util.heat
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 05:00:00'
  AND (("measure" = 'heat.room_temp'))
GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region;

-- CVS-UTL-0012
SELECT
  TIME_FLOOR(ts, 'PT10M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(ABS(supply - (at_zero - slope * outdoor))) AS a_0,
  COUNT(ABS(supply - (at_zero - slope * outdoor))) AS b_0,
  COUNT(*) AS n_0
FROM (SELECT h.ts, h.region, h.supply, h.outdoor, c.at_zero, c.slope FROM topic_util.heat_exchange h JOIN topic_util_records.heat_curve c ON h.region = c.district) AS source
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:10:00'
  AND (supply IS NOT NULL AND outdoor IS NOT NULL)
GROUP BY TIME_FLOOR(ts, 'PT10M', 'Asia/Shanghai'), region;

-- CVS-UTL-0013
SELECT
  TIME_FLOOR(ts, 'PT5M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  MAX(val) AS a_0,
  COUNT(*) AS n_0
FROM topic_util.drain
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:05:00'
  AND (("measure" = 'drain.depth'))
GROUP BY TIME_FLOOR(ts, 'PT5M', 'Asia/Shanghai'), region;

-- CVS-UTL-0014
SELECT
  TIME_FLOOR(ts, 'PT1M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(CASE WHEN ABS(val - rated) > 3 * tolerance THEN CAST(1 AS DOUBLE) ELSE ABS(val - rated) / (3 * tolerance) END) AS a_0,
  COUNT(CASE WHEN ABS(val - rated) > 3 * tolerance THEN CAST(1 AS DOUBLE) ELSE ABS(val - rated) / (3 * tolerance) END) AS b_0,
  COUNT(*) AS n_0
FROM (SELECT p.ts, p.region, p.series, p.val, s.rated, s.tolerance FROM topic_util.pump p JOIN topic_util_records.pump_sensor s ON p."measure" = s.sensor) AS source
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:01:00'
GROUP BY TIME_FLOOR(ts, 'PT1M', 'Asia/Shanghai'), region;

-- CVS-WEA-0001
SELECT
  TIME_FLOOR(ts, 'PT10M', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  SUM(val) AS a_0,
  COUNT(val) AS b_0,
  COUNT(*) AS n_0
FROM topic_weather.station
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 04:10:00'
  AND (("measure" = 'rain.mm'))
GROUP BY TIME_FLOOR(ts, 'PT10M', 'Asia/Shanghai'), region;

-- CVS-WEA-0002
SELECT
  TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  MAX(val) AS a_0,
  COUNT(*) AS n_0
FROM topic_weather.station
WHERE ts >= TIMESTAMP '2026-01-04 16:00:00'
  AND ts < TIMESTAMP '2026-01-05 16:00:00'
  AND (("measure" = 'temp.air'))
GROUP BY TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai'), region;

-- CVS-WTR-0001
SELECT
  TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS period_start,
  region AS region_code,
  MAX(val - warning_level) AS a_0,
  COUNT(CASE WHEN val > guarantee_level THEN 1 END) AS a_0_1,
  COUNT(*) AS n_0
FROM (SELECT r.ts, r.region, r.series, r.val, g.warning_level, g.guarantee_level FROM topic_env.river r JOIN topic_env_records.river_gauge g ON r.series = g.series WHERE r."measure" = 'river.level') AS source
WHERE ts >= TIMESTAMP '2026-01-05 04:00:00'
  AND ts < TIMESTAMP '2026-01-05 05:00:00'
GROUP BY TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai'), region;
