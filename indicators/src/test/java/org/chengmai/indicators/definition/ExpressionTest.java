package org.chengmai.indicators.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
  private static final Map<String, Double> MEASURES = Map.of("a", 6.0, "b", 4.0, "zero", 0.0);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a + b * 2 | 14",
        "(a + b) * 2 | 20",
        "a - b - 1 | 1",
        "a / b / 2 | 0.75",
        "-a + 10 | 4",
        "2 * -b | -8",
        "max(a, b, 5) | 6",
        "min(a, b) | 4",
        "abs(b - a) | 2",
        "max(a, missing) | 6",
        "100*a/(a+b) | 60",
        "iaqi(pm25_24h, a * 20) | 158"
      })
  void isComputedAsWritten(String text, double value) {
    assertThat(Expression.parse(text).value(MEASURES)).isEqualTo(value);
  }

  @Test
  void whatIsMissingOrDividedByZeroHasNoValue() {
    assertThat(Expression.parse("a + missing").value(MEASURES)).isNull();
    assertThat(Expression.parse("a / zero").value(MEASURES)).isNull();
    assertThat(Expression.parse("max(missing, gone)").value(MEASURES)).isNull();
    assertThat(Expression.parse("iaqi(co_1h, -a)").value(MEASURES)).isNull();
    assertThat(Expression.parse("a + max(b, c)").names()).containsExactlyInAnyOrder("a", "b", "c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a + | formula 'a +': expected a number, a measure or a function",
        "(a | formula '(a': expected ')'",
        "a b | formula 'a b': 'b' is not understood",
        "sqrt(a) | formula 'sqrt(a)': 'sqrt' is not a function; known: min, max, abs, iaqi",
        "1.2.3 | formula '1.2.3': '1.2.3' is not a number",
        "iaqi(h2o, a) | formula 'iaqi(h2o, a)': 'h2o' is not a pollutant; known: so2_24h, so2_1h, no2_24h, no2_1h, pm10_24h, co_24h,"
            + " co_1h, o3_1h, o3_8h, pm25_24h"
      })
  void aMistakeIsNamed(String text, String message) {
    assertThatThrownBy(() -> Expression.parse(text))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage(message);
  }

  /** The corners of the table of HJ 633-2012, and what lies between, rounded up. */
  @ParameterizedTest
  @CsvSource({
    "pm25_24h, 0, 0",
    "pm25_24h, 35, 50",
    "pm25_24h, 75, 100",
    "pm25_24h, 76, 102",
    "pm25_24h, 115, 150",
    "pm25_24h, 500, 500",
    "pm25_24h, 737, 500",
    "pm10_24h, 150, 100",
    "o3_1h, 160, 50",
    "o3_1h, 201, 101",
    "o3_8h, 160, 100",
    "o3_8h, 900, 300",
    "so2_1h, 650, 150",
    "so2_1h, 900, 200",
    "no2_1h, 200, 100",
    "co_1h, 10, 100",
    "co_1h, 10.1, 101"
  })
  void subIndicesFollowTheStandard(String pollutant, double concentration, double index) {
    assertThat(
            Expression.parse("iaqi(%s, x)".formatted(pollutant)).value(Map.of("x", concentration)))
        .isEqualTo(index);
  }
}
