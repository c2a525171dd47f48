package org.chengmai.indicators.quality;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.SeriesKey;

/**
 * What one rule found in one value.
 *
 * @param value the judged value's place
 * @param rule its id
 * @param passed whether the value keeps the rule
 * @param measured what the rule measured, in the unit of the bound; lengths of time in seconds
 * @param bound what it was held against
 * @param failing the values that broke the rule, oldest first; none if it passed
 * @param reasons why it failed, none if it passed
 */
public record Finding(
    Row value,
    String rule,
    boolean passed,
    double measured,
    double bound,
    List<Row> failing,
    Reasons reasons)
    implements QualityScore.Verdict {
  public Finding {
    failing = List.copyOf(failing);
  }

  /** Where a value is: its series and the start of its period. */
  public record Row(SeriesKey key, Instant period) {
    static List<Row> of(SeriesKey key, Collection<Instant> periods) {
      return periods.stream().map(period -> new Row(key, period)).toList();
    }
  }

  static Finding of(
      Row value,
      String rule,
      boolean passed,
      double measured,
      double bound,
      List<Row> failing,
      Supplier<Reasons> reasons) {
    return new Finding(
        value,
        rule,
        passed,
        measured,
        bound,
        passed ? List.of() : failing,
        passed ? new Reasons(List.of(), List.of()) : reasons.get());
  }

  /** A number as people read it: four digits, no exponent for usual sizes. */
  static String text(double number) {
    BigDecimal rounded = new BigDecimal(number).round(new MathContext(4)).stripTrailingZeros();
    return Math.abs(rounded.scale()) > 9 ? rounded.toString() : rounded.toPlainString();
  }
}
