package org.chengmai.indicators.calendar;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalDouble;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * The sun over one place: when it rises and sets, and whether it is up. Computed by the equations
 * of NOAA's solar calculator (after Meeus, Astronomical Algorithms), which NOAA holds to be right
 * to about a minute at latitudes below 72 degrees; the horizon is flat and the air is ordinary.
 * Immutable.
 *
 * @param latitude degrees, north positive
 * @param longitude degrees, east positive
 */
public record Sun(double latitude, double longitude) {
  /** Half the sun's disc and the refraction at the horizon, in degrees below it. */
  private static final double HORIZON = 0.833;

  private static final double MINUTES_PER_DEGREE = 4;

  public Sun {
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "place %s, %s: latitude is -90 to 90, longitude -180 to 180"
              .formatted(latitude, longitude));
    }
  }

  /**
   * Where the sun stands for everyone on earth.
   *
   * @param longitude apparent, on the ecliptic
   * @param equationOfTime true minus mean solar time, in minutes
   */
  private record Position(double longitude, double declination, double equationOfTime) {
    static Position at(Instant time) {
      double century = (time.toEpochMilli() / 86_400_000.0 + 2_440_587.5 - 2_451_545) / 36_525;
      double meanLongitude = 280.46646 + century * (36_000.76983 + century * 0.0003032);
      double anomaly = 357.52911 + century * (35_999.05029 - century * 0.0001537);
      double eccentricity = 0.016708634 - century * (0.000042037 + century * 0.0000001267);
      double centre =
          sin(anomaly) * (1.914602 - century * (0.004817 + century * 0.000014))
              + sin(2 * anomaly) * (0.019993 - century * 0.000101)
              + sin(3 * anomaly) * 0.000289;
      double node = 125.04 - 1934.136 * century;
      double longitude = meanLongitude + centre - 0.00569 - 0.00478 * sin(node);
      double obliquity = 23.439291 - century * 0.0130042 + 0.00256 * cos(node);
      double declination = Math.toDegrees(Math.asin(sin(obliquity) * sin(longitude)));
      double y = Math.pow(Math.tan(Math.toRadians(obliquity / 2)), 2);
      double equation =
          y * sin(2 * meanLongitude)
              - 2 * eccentricity * sin(anomaly)
              + 4 * eccentricity * y * sin(anomaly) * cos(2 * meanLongitude)
              - y * y / 2 * sin(4 * meanLongitude)
              - 1.25 * eccentricity * eccentricity * sin(2 * anomaly);
      return new Position(longitude, declination, MINUTES_PER_DEGREE * Math.toDegrees(equation));
    }
  }

  /** When the sun rises on a local date; empty where it stays up or down all day. */
  public Optional<Instant> sunrise(LocalDate date, ZoneId zone) {
    return crossing(date, zone, -1);
  }

  /** When the sun sets on a local date; empty where it stays up or down all day. */
  public Optional<Instant> sunset(LocalDate date, ZoneId zone) {
    return crossing(date, zone, 1);
  }

  /** Whether any of the sun's disc stands above the horizon. */
  public boolean isUp(Instant time) {
    Position sun = Position.at(time);
    double sine =
        sin(latitude) * sin(sun.declination())
            + cos(latitude) * cos(sun.declination()) * cos(hourAngle(sun, time));
    return sine > sin(-HORIZON);
  }

  /** The sun's apparent longitude, 0 (spring equinox) to 360 degrees, to about 0.01 degrees. */
  static double eclipticLongitude(Instant time) {
    double longitude = Position.at(time).longitude() % 360;
    return longitude < 0 ? longitude + 360 : longitude;
  }

  private Optional<Instant> crossing(LocalDate date, ZoneId zone, int side) {
    Instant noon = date.atTime(LocalTime.NOON).atZone(zone).toInstant();
    Instant time = later(noon, -hourAngle(Position.at(noon), noon));
    for (int round = 0; round < 4; round++) {
      Position sun = Position.at(time);
      OptionalDouble half = halfDay(sun);
      if (half.isEmpty()) {
        return Optional.empty();
      }
      double missing = side * half.getAsDouble() - hourAngle(sun, time);
      time = later(time, round == 0 ? missing : Math.IEEEremainder(missing, 360));
    }
    return Optional.of(time);
  }

  /** Degrees from noon to sunset; empty where the sun does not cross the horizon. */
  private OptionalDouble halfDay(Position sun) {
    double cosine =
        (sin(-HORIZON) - sin(latitude) * sin(sun.declination()))
            / (cos(latitude) * cos(sun.declination()));
    return Math.abs(cosine) <= 1
        ? OptionalDouble.of(Math.toDegrees(Math.acos(cosine)))
        : OptionalDouble.empty();
  }

  /** Degrees since the sun stood in the south, -180 to 180. */
  private double hourAngle(Position sun, Instant time) {
    double minutes = Math.floorMod(time.toEpochMilli(), 86_400_000L) / 60_000.0;
    double solar = minutes + sun.equationOfTime() + MINUTES_PER_DEGREE * longitude;
    return Math.IEEEremainder(solar / MINUTES_PER_DEGREE - 180, 360);
  }

  private static Instant later(Instant time, double degrees) {
    return time.plusMillis(Math.round(degrees * MINUTES_PER_DEGREE * 60_000));
  }

  private static double sin(double degrees) {
    return Math.sin(Math.toRadians(degrees));
  }

  private static double cos(double degrees) {
    return Math.cos(Math.toRadians(degrees));
  }
}
