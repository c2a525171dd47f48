package org.chengmai.engine.demo;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZonedDateTime;

/** The daily course of a measure as a factor around 1, by local time and kind of day. */
enum Shape {
  /** No daily course. */
  FLAT {
    @Override
    double at(double hour, boolean workday) {
      return 1;
    }
  },
  /** Two peaks on workdays, one broad hump on days off. */
  COMMUTE {
    @Override
    double at(double hour, boolean workday) {
      double day = 0.25 + bump(hour, 13, 5) * 0.8;
      return workday
          ? day + bump(hour, 8, 1.3) * 1.1 + bump(hour, 18.2, 1.6) * 1.2
          : day + bump(hour, 15, 4) * 0.35;
    }
  },
  /** The mirror of {@link #COMMUTE}: speeds fall where traffic rises. */
  SPEED {
    @Override
    double at(double hour, boolean workday) {
      return 1.15 - 0.22 * COMMUTE.at(hour, workday);
    }
  },
  /** {@link #COMMUTE} while trains run, from 06:00 to 23:30; nobody enters a closed station. */
  METRO {
    @Override
    double at(double hour, boolean workday) {
      return hour >= 6 && hour < 23.5 ? COMMUTE.at(hour, workday) : 0;
    }
  },
  /** Daytime load with an evening peak; less on days off. */
  POWER {
    @Override
    double at(double hour, boolean workday) {
      double course = 0.72 + bump(hour, 11, 3.5) * 0.3 + bump(hour, 19.5, 2.2) * 0.4;
      return workday ? course : course * 0.93;
    }
  },
  /** Morning and evening use of water. */
  WATER {
    @Override
    double at(double hour, boolean workday) {
      return 0.45
          + bump(hour, workday ? 7.2 : 9, 1.6) * 0.9
          + bump(hour, 19.5, 2.5) * 0.9
          + bump(hour, 12.5, 2) * 0.4;
    }
  },
  /** Particles gather at night under the inversion of a valley city. */
  NIGHT_HIGH {
    @Override
    double at(double hour, boolean workday) {
      return 0.8 + bump(hour, 23, 4) * 0.35 + bump(hour, 8.5, 2) * 0.4;
    }
  },
  /** Follows the sun: ozone, temperature. */
  SUN {
    @Override
    double at(double hour, boolean workday) {
      return 0.6 + bump(hour, 15, 4) * 0.8;
    }
  },
  /** On from sunset to sunrise, the same all year. */
  LAMPS {
    @Override
    double at(double hour, boolean workday) {
      return hour >= 19 || hour < 7 ? 1 : 0;
    }
  },
  /** Working hours: calls and cases. */
  OFFICE {
    @Override
    double at(double hour, boolean workday) {
      double course = 0.12 + bump(hour, 10, 2) * 1.5 + bump(hour, 15.5, 2.2) * 1.4;
      return workday ? course : course * 0.5;
    }
  };

  abstract double at(double hour, boolean workday);

  static double hour(ZonedDateTime local) {
    LocalDate day = local.toLocalDate();
    return Duration.between(day.atStartOfDay(local.getZone()), local).toMillis() / 3_600_000.0;
  }

  /** A bell of height 1 around {@code centre}, on the 24-hour circle. */
  private static double bump(double hour, double centre, double width) {
    double distance = Math.abs(hour - centre);
    distance = Math.min(distance, 24 - distance);
    return Math.exp(-distance * distance / (2 * width * width));
  }
}
