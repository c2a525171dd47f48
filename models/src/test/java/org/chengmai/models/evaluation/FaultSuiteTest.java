package org.chengmai.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultSuiteTest {
  private static final TimedSeries SERIES = RowScorerContract.series(3);

  private static Optional<Fault> fault(FaultKind kind, long seed) {
    return Fault.into(SERIES, new Course(SERIES), kind, new SplittableRandom(seed));
  }

  @ParameterizedTest
  @EnumSource(FaultKind.class)
  void aFaultChangesItsOwnRowsOnlyAndLiesInTheLastPart(FaultKind kind) {
    int found = 0;
    for (long seed = 1; seed <= 30; seed++) {
      Optional<Fault> put = fault(kind, seed);
      if (put.isPresent()) {
        found++;
        Fault fault = put.get();
        double[] values = fault.series().values();
        for (int row = 0; row < values.length; row++) {
          if (row < fault.from() || row >= fault.to()) {
            assertThat(Double.compare(values[row], SERIES.values()[row])).isZero();
          }
        }
        assertThat(values).isNotEqualTo(SERIES.values());
        assertThat(fault.from()).isGreaterThan((int) (0.6 * values.length) - 24);
        assertThat(fault.to() - fault.from())
            .isGreaterThanOrEqualTo(kind == FaultKind.SPIKE ? 1 : 24);
      }
    }
    // This series has the same days all week: no day can run as one of the other class does.
    assertThat(found).isGreaterThanOrEqualTo(kind == FaultKind.CHANGED_WEEKDAY ? 0 : 25);
  }

  @Test
  void sizesAreInDeviationsOfWhatTheCourseLeaves() {
    double deviation = new Course(SERIES).deviation();
    for (long seed = 1; seed <= 20; seed++) {
      Fault spike = fault(FaultKind.SPIKE, seed).orElseThrow();
      int row = spike.from();
      double off = Math.abs(spike.series().values()[row] - SERIES.values()[row]) / deviation;
      assertThat(off).isBetween(7.999, 12.001);
      Fault shift = fault(FaultKind.LEVEL_SHIFT, seed).orElseThrow();
      off =
          Math.abs(shift.series().values()[shift.from()] - SERIES.values()[shift.from()])
              / deviation;
      assertThat(off).isBetween(2.999, 6.001);
    }
  }

  @Test
  void aConstantSeriesTakesNoFault() {
    double[] flat = new double[SERIES.values().length];
    Arrays.fill(flat, 5);
    TimedSeries constant = SERIES.with(flat);
    for (FaultKind kind : FaultKind.values()) {
      assertThat(Fault.into(constant, new Course(constant), kind, new SplittableRandom(1)))
          .isEmpty();
    }
  }

  @Test
  void seriesOfASetGoWrongTogetherAtTheSamePlace() {
    List<TimedSeries> two = List.of(RowScorerContract.series(1), RowScorerContract.series(2));
    FaultSuite suite = new FaultSuite(two, 9, 1);
    assertThat(suite.places(FaultKind.CORRELATED))
        .hasSize(2)
        .containsOnly(suite.places(FaultKind.CORRELATED).get(0));
    assertThat(suite.places(FaultKind.SPIKE)).doesNotHaveDuplicates();
  }

  @Test
  void theSameSeedGivesTheSameFigures() {
    List<TimedSeries> one = List.of(SERIES);
    FaultReport first = new FaultSuite(one, 4, 1).judge(SuiteScorers.operating());
    assertThat(new FaultSuite(one, 4, 1).judge(SuiteScorers.operating())).isEqualTo(first);
  }

  @Test
  void outcomesAreCountedByHandTheSameWay() {
    Fault fault = new Fault(FaultKind.LEVEL_SHIFT, SERIES, 1_000, 1_030, 4);
    double[] alarms = new double[1_033];
    alarms[950] = 3;
    alarms[1_004] = 7;
    alarms[1_020] = 7;
    double[] undisturbed = new double[1_500];
    FaultReport.Outcome found = FaultReport.Outcome.of(fault, alarms, undisturbed);
    assertThat(found)
        .isEqualTo(new FaultReport.Outcome(FaultKind.LEVEL_SHIFT, "made", 4, false, 1));
    undisturbed[1_005] = 1;
    FaultReport.Outcome missed = FaultReport.Outcome.of(fault, new double[1_033], undisturbed);
    assertThat(missed.isFound()).isFalse();
    assertThat(missed.byChance()).isTrue();
    FaultReport report = FaultReport.of("x", Double.NaN, List.of(found, missed), 3, 150);
    assertThat(report.recall()).isEqualTo(0.5);
    assertThat(report.precision()).isEqualTo(0.5);
    assertThat(report.medianLatencyRows()).isEqualTo(4);
    assertThat(report.undisturbedAlarmsPer100SeriesWeeks()).isEqualTo(2);
  }

  @Test
  void aPeerAlarmsNoMoreOftenThanOursOnTheUndisturbedSeries() {
    List<TimedSeries> some = new ArrayList<>();
    for (long seed = 1; seed <= 4; seed++) {
      some.add(RowScorerContract.series(seed));
    }
    FaultSuite suite = new FaultSuite(some, 4, 1);
    FaultReport ours = suite.judge(SuiteScorers.operating());
    for (FaultReport peer : suite.judge("median", Peers.models().get("seasonal-median"), ours)) {
      assertThat(peer.undisturbedAlarmsPer100SeriesWeeks())
          .isLessThanOrEqualTo(ours.undisturbedAlarmsPer100SeriesWeeks());
      assertThat(peer.events()).isEqualTo(ours.events());
    }
  }
}
