package org.chengmai.engine.demo;

import static org.chengmai.engine.demo.Measure.event;
import static org.chengmai.engine.demo.Measure.level;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the demo city measures; examples/demo/README.md shows the same list to readers. */
final class DemoMeasures {
  static final List<Measure> ALL =
      List.of(
          level("air.pm25", "ug/m3", 0, 2000, 1, 38, 0.14, Shape.NIGHT_HIGH, "PT15M", 280, 4),
          level("air.pm10", "ug/m3", 0, 5000, 1, 74, 0.15, Shape.NIGHT_HIGH, "PT15M", 450, 8),
          level("air.o3", "ug/m3", 0, 1200, 1, 62, 0.1, Shape.SUN, "PT15M", 320, 6),
          level("air.no2", "ug/m3", 0, 4000, 1, 30, 0.12, Shape.COMMUTE, "PT15M", 260, 3),
          level("air.so2", "ug/m3", 0, 2700, 1, 12, 0.12, Shape.FLAT, "PT15M", 520, 1),
          level("air.co", "mg/m3", 0, 150, 1, 0.8, 0.1, Shape.FLAT, "PT15M", 14, 0.1),
          level("noise.level", "dB", 0, 150, 2, 59, 0.03, Shape.POWER, "PT1H", 95, 25),
          level("traffic.speed", "km/h", 0, 150, 2, 40, 0.04, Shape.SPEED, "PT5M", 90, 7),
          level("traffic.flow", "veh", 0, 5000, 1, 230, 0.05, Shape.COMMUTE, "PT5M", 1600, 4),
          level("traffic.lane_km", "km", 0, 5000, 1, 120, 0, Shape.FLAT, "PT5M", 120, 120),
          level("traffic.congested_km", "km", 0, 5000, 1, 5, 0.08, Shape.COMMUTE, "PT5M", 45, 0),
          level("traffic.index_km", "km", 0, 50_000, 1, 170, 0.05, Shape.COMMUTE, "PT5M", 1050, 20),
          event("traffic.accident", 0.003, Shape.COMMUTE),
          level(
              "power.load",
              "kW",
              0,
              1_000_000,
              1,
              82_000,
              0.02,
              Shape.POWER,
              "PT15M",
              190_000,
              9000),
          level("power.oil_temp", "C", -50, 150, 1, 46, 0.03, Shape.POWER, "PT15M", 97, 12),
          level("power.outage_users", "user", 0, 1_000_000, 1, 0, 0, Shape.FLAT, "PT15M", 6500, 0),
          level("water.pressure", "MPa", 0, 2, 3, 0.33, 0.04, Shape.FLAT, "PT15M", 0.75, 0.08),
          level("water.flow", "m3/h", 0, 20_000, 1, 900, 0.04, Shape.WATER, "PT15M", 3200, 60),
          level("gas.pressure", "kPa", 0, 10, 1, 2.1, 0.02, Shape.FLAT, "PT5M", 3.4, 0.8),
          level("gas.lel", "%LEL", 0, 100, 1, 1.6, 0.3, Shape.FLAT, "PT1M", 34, 0),
          level("heat.room_temp", "C", -30, 50, 3, 20.8, 0.02, Shape.FLAT, "PT1H", 27, 15),
          level("drain.depth", "cm", 0, 500, 1, 1.5, 0.3, Shape.FLAT, "PT5M", 33, 0),
          level("crowd.density", "people/m2", 0, 10, 1, 0.32, 0.06, Shape.COMMUTE, "PT5M", 3.3, 0),
          event("safety.alarm110", 0.11, Shape.OFFICE),
          event("safety.fire119", 0.0005, Shape.FLAT),
          level(
              "street.lamp_should",
              "lamp",
              0,
              100_000,
              1,
              4200,
              0,
              Shape.LAMPS,
              "PT15M",
              4200,
              4200),
          level(
              "street.lamp_lit",
              "lamp",
              0,
              100_000,
              1,
              4168,
              0.001,
              Shape.LAMPS,
              "PT15M",
              4168,
              3600),
          level("street.manhole_open", "piece", 0, 10_000, 1, 0, 0, Shape.FLAT, "PT5M", 3, 0),
          level("rain.mm", "mm", 0, 60, 1, 0, 0, Shape.FLAT, "PT10M", 12, 0),
          level("temp.air", "C", -50, 50, 1, 8, 0.2, Shape.SUN, "PT10M", 38, -25),
          level("metro.inflow", "person", 0, 20_000, 1, 300, 0.06, Shape.METRO, "PT10M", 790, 20),
          level("taxi.trips", "trip", 0, 50_000, 1, 900, 0.05, Shape.COMMUTE, "PT30M", 4000, 50),
          level(
              "parking.occupied", "space", 0, 1e5, 1, 900, 0.02, Shape.COMMUTE, "PT30M", 2090, 90),
          level("parking.capacity", "space", 0, 1e5, 1, 2000, 0, Shape.FLAT, "PT30M", 2000, 2000),
          level("waterworks.chlorine", "mg/L", 0, 5, 1, 0.75, 0.08, Shape.FLAT, "PT30M", 2.6, 0.12),
          level(
              "waterworks.turbidity", "NTU", 0, 100, 1, 0.35, 0.15, Shape.FLAT, "PT30M", 2.2, 0.1),
          level("heat.supply_temp", "C", 0, 130, 1, 46, 0.01, Shape.FLAT, "PT10M", 56, 34),
          level("sewage.cod", "mg/L", 0, 1000, 1, 32, 0.08, Shape.FLAT, "PT30M", 78, 8),
          level("river.level", "m", -10, 50, 1, 2.1, 0.05, Shape.FLAT, "PT1H", 3.8, 0.6),
          level("team.ready", "person", 0, 1e5, 1, 575, 0.008, Shape.FLAT, "PT1H", 600, 500),
          level("team.total", "person", 0, 1e5, 1, 600, 0, Shape.FLAT, "PT1H", 600, 600),
          level("pump.vibration", "mm/s", 0, 50, 1, 2.26, 0.05, Shape.FLAT, "PT1M", 7, 0),
          level("pump.bearing_temp", "C", -50, 200, 1, 54.7, 0.02, Shape.FLAT, "PT1M", 95, 5),
          level("pump.motor_temp", "C", -50, 250, 1, 69.8, 0.02, Shape.FLAT, "PT1M", 120, 5),
          level("pump.current", "A", 0, 2000, 1, 198, 0.02, Shape.FLAT, "PT1M", 330, 0),
          level("pump.voltage", "V", 0, 1000, 1, 358, 0.006, Shape.FLAT, "PT1M", 440, 0),
          level("pump.inlet", "MPa", 0, 5, 1, 0.208, 0.03, Shape.FLAT, "PT1M", 0.4, 0),
          level("pump.outlet", "MPa", 0, 5, 1, 0.585, 0.02, Shape.FLAT, "PT1M", 0.95, 0),
          level("pump.flow", "m3/h", 0, 10_000, 1, 811, 0.03, Shape.FLAT, "PT1M", 1400, 0));

  /** Those that the seed's plan disturbs, upwards (true) or downwards. */
  static final List<Disturbance> DISTURBED =
      List.of(
          new Disturbance(find("traffic.speed"), Injection.Kind.COLLAPSE),
          new Disturbance(find("traffic.flow"), Injection.Kind.SURGE),
          new Disturbance(find("traffic.congested_km"), Injection.Kind.SURGE),
          new Disturbance(find("traffic.index_km"), Injection.Kind.SURGE),
          new Disturbance(find("gas.pressure"), Injection.Kind.COLLAPSE),
          new Disturbance(find("gas.lel"), Injection.Kind.SURGE),
          new Disturbance(find("drain.depth"), Injection.Kind.SURGE),
          new Disturbance(find("crowd.density"), Injection.Kind.SURGE),
          new Disturbance(find("street.manhole_open"), Injection.Kind.SURGE));

  /** Of one plant, in the first district. */
  static final Set<String> ONE_PLANT =
      ALL.stream()
          .map(Measure::name)
          .filter(name -> name.startsWith("pump."))
          .collect(Collectors.toUnmodifiableSet());

  /** Measured each minute: their past is short, or it would be most of all. */
  static final Set<String> SHORT_PAST =
      Stream.concat(Stream.of("gas.lel"), ONE_PLANT.stream())
          .collect(Collectors.toUnmodifiableSet());

  /** A measure and the way in which it goes wrong. */
  record Disturbance(Measure measure, Injection.Kind kind) {}

  private DemoMeasures() {}

  private static Measure find(String name) {
    return ALL.stream().filter(measure -> measure.name().equals(name)).findFirst().orElseThrow();
  }
}
