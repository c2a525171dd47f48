package org.chengmai.indicators.definition;

import java.time.temporal.TemporalAmount;
import java.util.Locale;

/** What a condition looks at. */
public sealed interface Measure {

  /** Whether it compares the value with the indicator's own past. */
  default boolean isOfThePast() {
    return !(this instanceof Value
        || this instanceof ShareOf
        || this instanceof Count
        || this instanceof Level);
  }

  /** The value of the period. */
  record Value() implements Measure {
    @Override
    public String toString() {
      return "value";
    }
  }

  /** The deviation from the same slot of the last six weeks, in standard deviations. */
  record Z() implements Measure {
    @Override
    public String toString() {
      return "z";
    }
  }

  /** The change against an earlier period: relative, or in percentage points. */
  record Change(Base base, boolean inPoints) implements Measure {
    /** Against what: a year, the previous period, a week ago. */
    public enum Base {
      YOY,
      MOM,
      WOW
    }

    @Override
    public String toString() {
      return base.name().toLowerCase(Locale.ROOT) + (inPoints ? ".pp" : "");
    }
  }

  /** The value over that of the same slot. */
  record RatioToSlot() implements Measure {
    @Override
    public String toString() {
      return "ratio_to(slot)";
    }
  }

  /** The value over the median of some time before. */
  record RatioToMedian(TemporalAmount window) implements Measure {
    @Override
    public String toString() {
      return "ratio_to(median, " + window + ")";
    }
  }

  /** The value as a share of a capacity or limit column. */
  record ShareOf(String column) implements Measure {
    @Override
    public String toString() {
      return "share_of(" + column + ")";
    }
  }

  /** How many inputs fit a filter. */
  record Count(String filter) implements Measure {
    @Override
    public String toString() {
      return "count(" + filter + ")";
    }
  }

  /** 1 where some input has a level in a column, such as a warning colour, and 0 where none has. */
  record Level(String column, String level) implements Measure {
    @Override
    public String toString() {
      return "level(" + column + ") = " + level;
    }
  }

  /** How many of the last {@code steps} steps went up. */
  record Rise(int steps) implements Measure {
    @Override
    public String toString() {
      return "rise(" + steps + ")";
    }
  }

  /** The rolling sum over some time. */
  record Sum(TemporalAmount window) implements Measure {
    @Override
    public String toString() {
      return "sum(" + window + ")";
    }
  }
}
