package org.chengmai.models.evaluation;

import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Function;
import java.util.function.Supplier;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Grain;
import org.chengmai.models.DayClass;
import org.jspecify.annotations.Nullable;

/**
 * Judges the rows of one series in order of time and knows nothing of what comes later. Not
 * thread-safe.
 */
public interface RowScorer {

  /**
   * Judges the next row: 0 when no alarm begins at it, else how strange it is, the stranger the
   * greater.
   */
  double next(Instant time, double value);

  /** Judges a period that should have had a row and has none, as {@link #next} does. */
  default double missing(Instant time) {
    return 0;
  }

  /** How strange the newest row is, whether an alarm begins at it or not; 0 where nobody knows. */
  default double strangeness() {
    return 0;
  }

  /** What was expected of the newest row, null where nothing was, or nothing yet. */
  default @Nullable Band expected() {
    return null;
  }

  /** A kind of scorer, made anew for each series. Thread-safe. */
  interface Kind {

    /** A short name for tables and files, such as {@code seasonal}. */
    String name();

    /** Scorers for series of one grain that live by one calendar. */
    Supplier<RowScorer> of(Grain grain, Function<LocalDate, DayClass> dayClass);

    /** A kind by its name and how it is made. */
    static Kind of(String name, Making making) {
      return new Kind() {
        @Override
        public String name() {
          return name;
        }

        @Override
        public Supplier<RowScorer> of(Grain grain, Function<LocalDate, DayClass> dayClass) {
          return making.of(grain, dayClass);
        }
      };
    }

    /** See {@link Kind#of(Grain, Function)}. */
    interface Making {
      Supplier<RowScorer> of(Grain grain, Function<LocalDate, DayClass> dayClass);
    }
  }
}
