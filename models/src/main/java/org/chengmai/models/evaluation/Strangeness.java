package org.chengmai.models.evaluation;

import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Function;
import java.util.function.Supplier;
import org.chengmai.indicators.Grain;
import org.chengmai.models.DayClass;

/**
 * A peer's model of one series: how strange each row is, in units of its own, and no decision. Not
 * thread-safe.
 */
public interface Strangeness {

  /** How strange the next row is, the stranger the greater; 0 while nothing is known. */
  double next(Instant time, double value);

  /** Models for series of one grain. Thread-safe. */
  interface Making {
    Supplier<Strangeness> of(Grain grain, Function<LocalDate, DayClass> dayClass);
  }
}
