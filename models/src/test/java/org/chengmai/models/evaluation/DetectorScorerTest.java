package org.chengmai.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.chengmai.indicators.Grain;
import org.chengmai.models.DayClass;
import org.chengmai.models.FeedDetector;
import org.chengmai.models.stream.StreamDetector;
import org.junit.jupiter.api.Test;

class DetectorScorerTest {
  private static final Instant START = Instant.parse("2026-01-04T16:00:00Z");
  private static final RowScorer.Kind SUITE =
      DetectorScorer.kind(
          "suite",
          (grain, dayClass) ->
              List.of(
                  new StreamDetector(grain, dayClass),
                  new FeedDetector(grain, 3, null, Duration.ofHours(6), false)));

  private static RowScorer scorer() {
    return SUITE.of(Grain.of("PT1H"), DayClass::usual).get();
  }

  private static Instant hour(int number) {
    return START.plus(Duration.ofHours(number));
  }

  @Test
  void anAlarmIsToldWhereItBeginsAndNotWhileItLasts() {
    RowScorer scorer = scorer();
    SplittableRandom random = new SplittableRandom(1);
    for (int row = 0; row < 1_000; row++) {
      scorer.next(hour(row), 100 + random.nextDouble());
    }
    assertThat(scorer.next(hour(1_000), 200)).isPositive();
    assertThat(scorer.strangeness()).isPositive();
    assertThat(scorer.next(hour(1_001), 200)).isZero();
    assertThat(scorer.strangeness()).isPositive();
    assertThat(scorer.expected()).isNotNull();
  }

  @Test
  void eachDetectorOfTheSuiteSpeaks() {
    RowScorer scorer = scorer();
    double frozen = 0;
    for (int row = 0; row < 12; row++) {
      frozen = Math.max(frozen, scorer.next(hour(row), 7));
    }
    assertThat(frozen).as("a value that no longer moves").isPositive();
    double silent = 0;
    for (int row = 12; row < 16; row++) {
      silent = Math.max(silent, scorer.missing(hour(row)));
    }
    assertThat(silent).as("periods without a value").isPositive();
  }

  @Test
  void scorersOfOneKindKnowNothingOfEachOther() {
    RowScorer.Kind kind = SUITE;
    var making = kind.of(Grain.of("PT1H"), DayClass::usual);
    RowScorer first = making.get();
    for (int row = 0; row < 12; row++) {
      first.next(hour(row), 7);
    }
    assertThat(making.get().strangeness()).isZero();
    assertThat(first.strangeness()).isPositive();
  }
}
