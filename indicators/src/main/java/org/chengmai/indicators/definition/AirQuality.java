package org.chengmai.indicators.definition;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The sub-indices of the air quality index (IAQI) by the breakpoints of HJ 633-2012. Concentrations
 * in μg/m³, of CO in mg/m³.
 */
final class AirQuality {
  private static final double[] INDEX = {0, 50, 100, 150, 200, 300, 400, 500};

  private AirQuality() {}

  /** A pollutant with the time over which its concentration is a mean. */
  enum Pollutant {
    SO2_24H(0, 50, 150, 475, 800, 1600, 2100, 2620),
    /** Above the last breakpoint the mean of 24 hours counts instead; the index stays at 200. */
    SO2_1H(0, 150, 500, 650, 800),
    NO2_24H(0, 40, 80, 180, 280, 565, 750, 940),
    NO2_1H(0, 100, 200, 700, 1200, 2340, 3090, 3840),
    PM10_24H(0, 50, 150, 250, 350, 420, 500, 600),
    CO_24H(0, 2, 4, 14, 24, 36, 48, 60),
    CO_1H(0, 5, 10, 35, 60, 90, 120, 150),
    O3_1H(0, 160, 200, 300, 400, 800, 1000, 1200),
    /** Above the last breakpoint the mean of one hour counts instead; the index stays at 300. */
    O3_8H(0, 100, 160, 215, 265, 800),
    PM25_24H(0, 35, 75, 115, 150, 250, 350, 500);

    private final double[] breakpoints;

    Pollutant(double... breakpoints) {
      this.breakpoints = breakpoints;
    }

    static Optional<Pollutant> find(String name) {
      return Arrays.stream(values()).filter(p -> p.key().equals(name)).findFirst();
    }

    static String names() {
      return Arrays.stream(values()).map(Pollutant::key).collect(Collectors.joining(", "));
    }

    private String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The sub-index, rounded up to a whole number; NaN for a negative concentration. */
    double index(double concentration) {
      if (!(concentration >= 0)) {
        return Double.NaN;
      }
      for (int i = 1; i < breakpoints.length; i++) {
        if (concentration <= breakpoints[i]) {
          double share =
              (concentration - breakpoints[i - 1]) / (breakpoints[i] - breakpoints[i - 1]);
          double index = INDEX[i - 1] + share * (INDEX[i] - INDEX[i - 1]);
          // a rounding error must not lift a whole number to the next
          return Math.ceil(index - 1e-9);
        }
      }
      return INDEX[breakpoints.length - 1];
    }
  }
}
