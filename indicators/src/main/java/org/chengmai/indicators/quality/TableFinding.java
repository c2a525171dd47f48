package org.chengmai.indicators.quality;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * What one rule found in a table's rows of one day.
 *
 * @param rule its id
 * @param day on which the rows count
 * @param rows that were looked at
 * @param failed how many of them broke the rule
 * @param measured the share that kept it; the probability by chance where digits are judged
 * @param least what {@code measured} was held against
 * @param weight in scores
 * @param failing the keys of some of the rows that broke it, column to value
 */
public record TableFinding(
    String rule,
    LocalDate day,
    long rows,
    long failed,
    double measured,
    double least,
    double weight,
    List<Map<String, String>> failing)
    implements QualityScore.Verdict {
  public TableFinding {
    failing = List.copyOf(failing);
  }

  @Override
  public boolean passed() {
    return measured >= least;
  }

  @Override
  public double share() {
    return (double) (rows - failed) / rows;
  }
}
