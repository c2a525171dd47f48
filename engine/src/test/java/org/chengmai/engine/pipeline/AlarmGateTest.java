package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Anomaly.Status;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.SeriesKey;
import org.junit.jupiter.api.Test;

final class AlarmGateTest {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final SeriesKey KEY = SeriesKey.of("CVS-A", "630102");

  /** Eight in the morning in China. */
  private static final Instant MORNING = Instant.parse("2026-03-02T00:00:00Z");

  private static final AlarmPolicy TWO = new AlarmPolicy(2, true, CHINA);

  private AlarmGate gate = new AlarmGate();

  private List<String> see(int hour, String detector, Status status, Grade grade) {
    return see(hour, detector, status, grade, false);
  }

  private List<String> see(
      int hour, String detector, Status status, Grade grade, boolean isSuppressed) {
    return see(hour, detector, status, grade, isSuppressed, false);
  }

  private List<String> see(
      int hour,
      String detector,
      Status status,
      Grade grade,
      boolean isSuppressed,
      boolean isQuiet) {
    Instant at = MORNING.plus(Duration.ofHours(hour));
    List<String> told =
        gate
            .pass(
                List.of(
                    new Anomaly(
                        KEY,
                        detector,
                        detector + "@1",
                        status,
                        at,
                        1,
                        grade,
                        1.0,
                        null,
                        1,
                        Anomaly.Reasons.of("因", "why"))),
                TWO,
                at,
                isSuppressed,
                anomaly -> isQuiet)
            .stream()
            .map(AlarmGateTest::words)
            .toList();
    // what was decided outlives a restart
    gate = AlarmGate.read(gate.save());
    return told;
  }

  private static String words(Anomaly anomaly) {
    return anomaly.status() + " " + String.join("; ", anomaly.reasons().en());
  }

  private List<String> midnight(int day) {
    return gate
        .endOfDay(KEY, 3, TWO, Instant.parse("2026-03-01T16:00:00Z").plus(Duration.ofDays(day)))
        .stream()
        .map(AlarmGateTest::words)
        .toList();
  }

  private void raiseTwice() {
    raiseTwice("a");
  }

  private void raiseTwice(String detector) {
    for (int hour = 0; hour < 2; hour++) {
      assertThat(see(hour, detector, Status.FIRING, Grade.BLUE)).containsExactly("FIRING why");
      assertThat(see(hour, detector, Status.CLEARED, Grade.BLUE)).containsExactly("CLEARED why");
    }
  }

  @Test
  void whatIsBeyondTheDaysBudgetIsCountedAndToldInOneSentence() {
    raiseTwice();
    assertThat(gate.nextTick(TWO)).isNull();
    assertThat(see(2, "a", Status.FIRING, Grade.YELLOW)).isEmpty();
    assertThat(see(3, "a", Status.FIRING, Grade.YELLOW)).as("it still holds").isEmpty();
    assertThat(see(4, "a", Status.CLEARED, Grade.YELLOW)).isEmpty();
    assertThat(see(5, "b", Status.FIRING, Grade.ORANGE)).isEmpty();
    assertThat(see(6, "b", Status.CLEARED, Grade.ORANGE)).isEmpty();
    assertThat(gate.nextTick(TWO)).isEqualTo(Instant.parse("2026-03-02T16:00:00Z"));
    assertThat(midnight(0)).isEmpty();
    assertThat(midnight(1))
        .containsExactly(
            "FIRING 2 more alarms on 2026-03-02, up to orange, were beyond the budget of 2 a day and are merged",
            "CLEARED 2 more alarms on 2026-03-02, up to orange, were beyond the budget of 2 a day and are merged");
    assertThat(midnight(1)).as("once").isEmpty();
  }

  @Test
  void redAlwaysPassesAndSaysHowManyDidNot() {
    raiseTwice();
    assertThat(see(2, "a", Status.FIRING, Grade.YELLOW)).isEmpty();
    assertThat(see(3, "b", Status.FIRING, Grade.RED))
        .containsExactly(
            "FIRING why; 1 more alarms on 2026-03-02, up to yellow, were beyond the budget of 2 a day and are merged");
    assertThat(see(4, "a", Status.FIRING, Grade.RED)).as("one that became red").hasSize(1);
    assertThat(see(5, "a", Status.CLEARED, Grade.RED)).hasSize(1);
  }

  @Test
  void whatStillHoldsOnTheNextDayIsRaisedThen() {
    raiseTwice();
    assertThat(see(2, "a", Status.FIRING, Grade.YELLOW)).isEmpty();
    assertThat(midnight(1)).hasSize(2);
    assertThat(see(24, "a", Status.FIRING, Grade.YELLOW)).containsExactly("FIRING why");
  }

  @Test
  void anAlarmThatIsSuppressedIsRaisedWhenTheConditionIsOver() {
    assertThat(see(0, "a", Status.FIRING, Grade.RED, true)).isEmpty();
    assertThat(see(1, "a", Status.FIRING, Grade.RED, true)).isEmpty();
    assertThat(see(2, "a", Status.FIRING, Grade.RED, false)).containsExactly("FIRING why");
    assertThat(see(3, "a", Status.FIRING, Grade.RED, true))
        .as("one that was raised goes on")
        .hasSize(1);
    assertThat(see(4, "b", Status.FIRING, Grade.BLUE, true)).isEmpty();
    assertThat(see(5, "b", Status.CLEARED, Grade.BLUE, true)).isEmpty();
    assertThat(gate.nextTick(TWO)).as("nothing was merged").isNull();
  }

  @Test
  void whatCallsNobodyPassesAndUsesUpNoBudgetBeforeItDoes() {
    for (int hour = 0; hour < 5; hour++) {
      assertThat(see(hour, "a", Status.FIRING, Grade.BLUE, false, true)).hasSize(1);
      assertThat(see(hour, "a", Status.CLEARED, Grade.BLUE, false, true)).hasSize(1);
    }
    assertThat(see(5, "a", Status.FIRING, Grade.BLUE, false, true)).hasSize(1);
    raiseTwice("b");
    assertThat(see(8, "a", Status.FIRING, Grade.BLUE))
        .as("it is known already: the budget does not hide it")
        .containsExactly("FIRING why");
    assertThat(see(8, "a", Status.CLEARED, Grade.BLUE)).hasSize(1);
    assertThat(see(9, "a", Status.FIRING, Grade.BLUE)).as("the budget is used up").isEmpty();
  }
}
