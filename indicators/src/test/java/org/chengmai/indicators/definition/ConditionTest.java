package org.chengmai.indicators.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalDouble;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.definition.Condition.Readings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "value >= 116",
        "value < -0.5",
        "z > 3",
        "yoy >= 0.1",
        "mom.pp <= 2",
        "wow = 0",
        "ratio_to(slot) < 0.6",
        "ratio_to(median, P14D) >= 1.2",
        "share_of(capacity) >= 0.9",
        "count(deaths > 0) >= 1",
        "count((a + b) > 0) >= 1",
        "level(colour) = red",
        "level(severity) = Ⅰ级",
        "rise(3) >= 3",
        "sum(PT12H) >= 50",
        "value between 100 and 150",
        "value >= 35 3 of 3",
        "value between 1 and 2 2 of 3",
        "z > 3 and rise(3) >= 3",
        "value between 1 and 2 and z < -3"
      })
  void theWholeGrammarIsReadAndWrittenBack(String text) {
    assertThat(Condition.parse(text)).hasToString(text);
    assertThat(Condition.parse(Condition.parse(text).toString())).isEqualTo(Condition.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "value|condition 'value': expected an operator <, <=, >, >=, = or between",
        "value > |condition 'value >': expected a number",
        "value > x|condition 'value > x': expected a number at 'x'",
        "value > 3 or z > 1|condition 'value > 3 or z > 1': 'or z > 1' is not understood",
        "value > 3 2|condition 'value > 3 2': '2' is not understood",
        "value > 3 4 of 3|condition 'value > 3 4 of 3': 4 of 3 can never hold or means nothing",
        "value between 3 and 2|condition 'value between 3 and 2': between needs the lower bound first",
        "value between 3|condition 'value between 3': between needs 'a and b'",
        "wert > 3|condition 'wert > 3': 'wert' is not a measure; known: value, z, yoy, mom, wow, ratio_to(…), share_of(…), count(…),"
            + " level(…), rise(…), sum(…)",
        "level(colour) > red|condition 'level(colour) > red': a level is compared by =",
        "ratio_to(mean) > 1|condition 'ratio_to(mean) > 1': ratio_to takes slot or median, P14D",
        "sum(12) > 1|condition 'sum(12) > 1': '12' is not a length of time such as P14D or PT12H",
        "rise(x) > 1|condition 'rise(x) > 1': rise takes a number of steps",
        "count() > 1|condition 'count() > 1': count needs a filter",
        "count(a > 1|condition 'count(a > 1': a parenthesis is not closed",
        "share_of(a b) > 1|condition 'share_of(a b) > 1': 'a b' is not a column"
      })
  void aMistakeIsNamed(String text, String message) {
    assertThatThrownBy(() -> Condition.parse(text))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage(message)
        .extracting(e -> ((ChengmaiException) e).code())
        .isEqualTo(ErrorCode.INVALID_DEFINITION);
  }

  @Test
  void comparisonsOfTheValueAreEvaluated() {
    assertThat(Condition.parse("value >= 116").holds(Readings.ofValues(116))).isTrue();
    assertThat(Condition.parse("value > 116").holds(Readings.ofValues(116))).isFalse();
    assertThat(Condition.parse("value between 1 and 2").holds(Readings.ofValues(2))).isTrue();
    assertThat(Condition.parse("value between 1 and 2").holds(Readings.ofValues(2.1))).isFalse();
    assertThat(Condition.parse("value > 1 and value < 3").holds(Readings.ofValues(2))).isTrue();
    assertThat(Condition.parse("value > 1 and value < 3").holds(Readings.ofValues(3))).isFalse();
  }

  @Test
  void aConditionOnTheValueAloneHoldsFromTo() {
    assertThat(ends("value >= 116")).isEqualTo("116.0..null");
    assertThat(ends("value < 60 3 of 5")).isEqualTo("null..60.0");
    assertThat(ends("value between 5 and 7")).isEqualTo("5.0..7.0");
    assertThat(Condition.parse("value > 5 and z > 3").ofValueAlone()).isEmpty();
    assertThat(Condition.parse("yoy > 5").ofValueAlone()).isEmpty();
  }

  private static String ends(String text) {
    Condition.Comparison only = Condition.parse(text).ofValueAlone().orElseThrow();
    return only.least() + ".." + only.greatest();
  }

  @Test
  void soManyOfTheLastPeriodsHaveToHold() {
    Condition condition = Condition.parse("value >= 35 2 of 3");
    assertThat(condition.holds(Readings.ofValues(36, 20, 36))).isTrue();
    assertThat(condition.holds(Readings.ofValues(36, 36, 20, 20))).isFalse();
    assertThat(condition.holds(Readings.ofValues(36, Double.NaN, 36))).isTrue();
    assertThat(condition.holds(Readings.ofValues(36))).isFalse();
  }

  @Test
  void aMissingOrUnknownReadingNeverHolds() {
    assertThat(Condition.parse("value < 5").holds(Readings.ofValues())).isFalse();
    assertThat(Condition.parse("value < 5").holds(Readings.ofValues(Double.NaN))).isFalse();
    assertThat(Condition.parse("yoy < 5").holds(Readings.ofValues(1))).isFalse();
    assertThat(Condition.parse("z < 5").holds((measure, ago) -> OptionalDouble.of(1))).isTrue();
  }
}
