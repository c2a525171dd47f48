package org.chengmai.indicators.composite;

import java.util.List;
import java.util.Objects;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grade;
import org.jspecify.annotations.Nullable;

/**
 * An index in one region and period, with all that it was made of. Scores are rounded to 0.0001.
 *
 * @param code the index' code
 * @param mean how the parts were averaged
 * @param score 0 (worst) to 100 (best); null when too few inputs were there
 * @param uncapped the score before the cap, null with {@code score}
 * @param grade of the score, or of the cap when that is worse; null when nothing is wrong. Without
 *     a score, the life-lines' own
 * @param coverage the sum of the present inputs' weights, 0 to 1
 * @param cap the life-line that made the grade worse than the mean alone says, else null
 * @param parts one for each weight, by code
 * @param reasons what people should know: missing inputs, the cap
 */
public record IndexValue(
    String code,
    Mean mean,
    @Nullable Double score,
    @Nullable Double uncapped,
    @Nullable Grade grade,
    double coverage,
    @Nullable Cap cap,
    List<Part> parts,
    Anomaly.Reasons reasons) {
  public IndexValue {
    parts = List.copyOf(parts);
  }

  /** The same with one more thing that people should know. */
  public IndexValue noting(String zh, String en) {
    return new IndexValue(
        code, mean, score, uncapped, grade, coverage, cap, parts, reasons.with(zh, en));
  }

  /** The life-line with the worst grade, the first by code among equals. */
  public record Cap(String code, Grade grade) {}

  /**
   * An input's share in the index.
   *
   * @param weight as defined
   * @param effective the weight after those of missing inputs were shared out, 0 when missing
   * @param score null when missing
   */
  public record Part(String code, double weight, double effective, @Nullable Double score) {

    /** Whether the index depends on the part. */
    boolean counts() {
      return effective > 0;
    }
  }

  /** The mean of the parts that count, not rounded. */
  static double average(Mean mean, List<Part> parts) {
    List<Part> counting = parts.stream().filter(Part::counts).toList();
    return mean.of(
        counting.stream().mapToDouble(Part::effective).toArray(),
        counting.stream().mapToDouble(IndexValue::score).toArray());
  }

  static double score(Part part) {
    return Objects.requireNonNull(part.score(), part.code());
  }
}
