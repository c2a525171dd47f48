package org.chengmai.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a scorer must keep that sees through a daily course which is larger than the faults. */
abstract class SeasonalScorerContract extends RowScorerContract {
  @Test
  void faultsAreFoundMoreOftenThanTheSameWindowsElsewhere() {
    List<TimedSeries> clean = new ArrayList<>();
    for (long seed = 1; seed <= 6; seed++) {
      TimedSeries one = series(seed);
      double[] values = one.values().clone();
      System.arraycopy(values, 24, values, 696, 24);
      values[1_000] -= 90;
      for (int row = 1_200; row < 1_260; row++) {
        values[row] += 50;
      }
      clean.add(one.with(values));
    }
    FaultReport report = new FaultSuite(clean, 5, 2).judge(kind());
    double chance =
        report.types().stream()
                .filter(line -> line.events() > 0)
                .mapToDouble(line -> line.chance() * line.events())
                .sum()
            / report.events();
    double elsewhere = new FaultSuite(clean, 5, 2).judgeElsewhere(kind(), 11).recall();
    assertThat(report.recall()).isGreaterThan(chance + 0.2).isGreaterThan(elsewhere + 0.2);
    assertThat(elsewhere).as("windows moved away from their faults").isLessThan(0.25);
  }
}
