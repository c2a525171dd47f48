package org.chengmai.indicators.comparison;

import java.util.OptionalDouble;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** What a measure says of a period: a finite number, or why there is none. */
public sealed interface Reading {

  /**
   * A number.
   *
   * @param value a relative change (0.1 is 10 %), a difference in the indicator's own unit
   *     (percentage points where that is %), a ratio, a count, as the measure says; always finite
   * @param notes what a reader has to know, such as another day than expected as the base; may be
   *     empty
   */
  record Known(double value, Reasons notes) implements Reading {
    public Known {
      if (!Double.isFinite(value)) {
        throw new ChengmaiException(ErrorCode.INTERNAL, "a reading is not finite: " + value);
      }
    }

    @Override
    public OptionalDouble asNumber() {
      return OptionalDouble.of(value);
    }
  }

  /** No number, and why. */
  record Unknown(Cause cause, Reasons reasons) implements Reading {
    @Override
    public OptionalDouble asNumber() {
      return OptionalDouble.empty();
    }
  }

  /** The kinds of reasons why there is no number. */
  enum Cause {
    /** The period itself, or one that the measure adds up, has no value. */
    VALUE_MISSING,
    /** The period to compare with has no value. */
    BASE_MISSING,
    /** The history begins after the base, or has too few values to say what is usual. */
    TOO_LITTLE_HISTORY,
    /** A relative change from zero has no meaning. */
    ZERO_BASE,
    /** Nor has one from a negative value. */
    NEGATIVE_BASE,
    /** The values to compare with are all the same, so that nothing measures a deviation. */
    NO_SPREAD,
    /** January is compared together with February only. */
    COMBINED_MONTHS,
    /** No value of several periods together can be told. */
    NOT_COMBINABLE,
    /** The measure has no meaning for periods of this length. */
    GRAIN,
    /** No day like this one lies near the day to compare with. */
    NO_SUCH_DAY,
    /** The result is too large for a number. */
    NOT_FINITE,
    /** The measure does not look at the history: others answer it. */
    NOT_COMPARED
  }

  /** The number, if there is one. */
  OptionalDouble asNumber();
}
