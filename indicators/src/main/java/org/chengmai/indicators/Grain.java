package org.chengmai.indicators;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The length of an indicator's period: a divisor of one day ({@code PT1M} … {@code PT12H}) or one
 * local {@code P1D}, {@code P1W} (from Monday), {@code P1M} or {@code P1Y}. Periods are half open
 * and aligned to local midnight.
 */
public final class Grain {
  private final String iso;
  private final @Nullable Duration duration;
  private final @Nullable Period period;

  private Grain(String iso, @Nullable Duration duration, @Nullable Period period) {
    this.iso = iso;
    this.duration = duration;
    this.period = period;
  }

  /**
   * Reads an ISO 8601 length; refuses with INVALID_DEFINITION what cannot tile a day or a calendar.
   */
  public static Grain of(String iso) {
    try {
      if (iso.startsWith("PT")) {
        Duration duration = Duration.parse(iso);
        long seconds = duration.toSeconds();
        if (seconds > 0 && seconds < 86_400 && duration.getNano() == 0 && 86_400 % seconds == 0) {
          return new Grain(iso, duration, null);
        }
      } else {
        switch (iso) {
          case "P1D", "P1W", "P1M", "P1Y" -> {
            return new Grain(iso, null, Period.parse(iso));
          }
          default -> {}
        }
      }
    } catch (DateTimeParseException e) {
      throw refused(iso);
    }
    throw refused(iso);
  }

  private static ChengmaiException refused(String iso) {
    return new ChengmaiException(
        ErrorCode.INVALID_DEFINITION,
        "grain '%s': a whole part of a day such as PT1M, PT15M or PT1H, or P1D, P1W, P1M, P1Y"
            .formatted(iso));
  }

  /** The start of the period that holds {@code time}. */
  public Instant floor(Instant time, ZoneId zone) {
    ZonedDateTime local = time.atZone(zone);
    ZonedDateTime midnight = local.truncatedTo(ChronoUnit.DAYS);
    if (duration != null) {
      long seconds = duration.toSeconds();
      long since = Duration.between(midnight, local).toSeconds();
      return midnight.toInstant().plusSeconds(since / seconds * seconds);
    }
    return switch (iso) {
      case "P1W" -> midnight.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).toInstant();
      case "P1M" -> midnight.withDayOfMonth(1).toInstant();
      case "P1Y" -> midnight.withDayOfYear(1).toInstant();
      default -> midnight.toInstant();
    };
  }

  /** The end (exclusive) of the period that starts at {@code start}. */
  public Instant end(Instant start, ZoneId zone) {
    return duration != null
        ? start.plus(duration)
        : start.atZone(zone).plus(Objects.requireNonNull(period)).toInstant();
  }

  /** The start of the period before the one that starts at {@code start}. */
  public Instant previous(Instant start, ZoneId zone) {
    return floor(start.minusMillis(1), zone);
  }

  /** Whether each period of another grain is made of whole periods of this one, or is one. */
  public boolean tiles(Grain coarser) {
    if (duration != null) {
      return coarser.duration == null || coarser.duration.toSeconds() % duration.toSeconds() == 0;
    }
    return switch (iso) {
      case "P1D" -> coarser.duration == null;
      case "P1M" -> coarser.iso.equals("P1M") || coarser.iso.equals("P1Y");
      default -> equals(coarser);
    };
  }

  /** A typical length: exact below a day, 30 days for a month, 365 for a year. */
  public Duration typical() {
    if (duration != null) {
      return duration;
    }
    return switch (iso) {
      case "P1W" -> Duration.ofDays(7);
      case "P1M" -> Duration.ofDays(30);
      case "P1Y" -> Duration.ofDays(365);
      default -> Duration.ofDays(1);
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Grain grain && grain.iso.equals(iso);
  }

  @Override
  public int hashCode() {
    return iso.hashCode();
  }

  /** The ISO 8601 text, such as {@code PT15M}. */
  @Override
  public String toString() {
    return iso;
  }
}
