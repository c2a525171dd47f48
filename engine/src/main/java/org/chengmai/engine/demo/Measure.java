package org.chengmai.engine.demo;

import java.time.Duration;

/**
 * One measured quantity of the demo city; each district has {@code stations} series of it.
 *
 * @param base typical value; of an event its rate per minute in a district
 * @param noise standard deviation of the slow random course, relative to base
 * @param cadence time between readings, a minute for events
 * @param surge what a planted surge brings it to
 * @param collapse what a planted collapse brings it to
 * @param event whether readings are events of value 1 that come at random
 */
record Measure(
    String name,
    String unit,
    double min,
    double max,
    int stations,
    double base,
    double noise,
    Shape shape,
    Duration cadence,
    double surge,
    double collapse,
    boolean event) {

  static Measure level(
      String name,
      String unit,
      double min,
      double max,
      int stations,
      double base,
      double noise,
      Shape shape,
      String cadence,
      double surge,
      double collapse) {
    return new Measure(
        name,
        unit,
        min,
        max,
        stations,
        base,
        noise,
        shape,
        Duration.parse(cadence),
        surge,
        collapse,
        false);
  }

  static Measure event(String name, double perMinute, Shape shape) {
    return new Measure(
        name, "1", 0.5, 1.5, 1, perMinute, 0, shape, Duration.ofMinutes(1), 6, 0, true);
  }
}
