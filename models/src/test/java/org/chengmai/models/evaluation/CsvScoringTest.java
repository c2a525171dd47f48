package org.chengmai.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Grain;
import org.chengmai.models.DayClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvScoringTest {

  private static List<String> score(String csv, String time, String value) throws IOException {
    StringWriter out = new StringWriter();
    new CsvScoring(SuiteScorers.operating(), DayClass::usual, time, value, null)
        .run(new BufferedReader(new StringReader(csv)), out);
    return out.toString().lines().toList();
  }

  /** Hours of a daily course with a spike at row 900. */
  private static List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < 1_000; row++) {
      double value = 100 + 30 * Math.sin(2 * Math.PI * row / 24) + (row * 7919 % 100) / 25.0;
      rows.add(
          String.format(
              Locale.ROOT,
              "%s,%.3f",
              Instant.parse("2026-01-04T16:00:00Z").plusSeconds(3_600L * row),
              row == 900 ? value + 120 : value));
    }
    return rows;
  }

  @Test
  void aLineInIsALineOutWithAlarmAndExpectedBand() throws IOException {
    List<String> answer = score("time,value\n" + String.join("\n", rows()) + "\n", "time", "value");
    assertThat(answer).hasSize(1_001);
    assertThat(answer.get(0)).isEqualTo("time,value,score,alarm,expected,low,high");
    String[] cells = answer.get(901).split(",", -1);
    assertThat(answer.get(901)).startsWith(rows().get(900) + ",");
    assertThat(cells[3]).isEqualTo("1");
    assertThat(Double.parseDouble(cells[2])).isPositive();
    assertThat(Double.parseDouble(cells[5])).isLessThan(Double.parseDouble(cells[4]));
    assertThat(Double.parseDouble(cells[4])).isLessThan(Double.parseDouble(cells[6]));
    assertThat(Double.parseDouble(cells[1])).isGreaterThan(Double.parseDouble(cells[6]));
  }

  @Test
  void laterLinesChangeNoEarlierAnswer() throws IOException {
    List<String> whole = score(String.join("\n", rows()), "1", "2");
    for (int end : new int[] {1, 23, 24, 25, 600, 901}) {
      assertThat(score(String.join("\n", rows().subList(0, end)), "1", "2"))
          .isEqualTo(whole.subList(0, end + 1));
    }
  }

  @Test
  void gapsAreMissingPeriodsAndRepeatedRowsArePassedOver() throws IOException {
    List<String> rows = new ArrayList<>(rows().subList(0, 100));
    rows.subList(60, 70).clear();
    rows.add(50, rows.get(49));
    rows.set(40, rows.get(40).split(",")[0] + ",NA");
    StringWriter out = new StringWriter();
    CsvScoring.Summary summary =
        new CsvScoring(SuiteScorers.operating(), DayClass::usual, "1", "2", null)
            .run(new BufferedReader(new StringReader(String.join("\n", rows))), out);
    assertThat(summary).isEqualTo(new CsvScoring.Summary(91, 0, 1, 11, "PT1H"));
  }

  @Test
  void quotesSemicolonsTabsAndOtherColumnsAreRead() throws IOException {
    assertThat(
            score(
                "\uFEFFid;\"when\";\"what, exactly\"\n1;\"2026-01-31 08:00\";3.5\n",
                "when",
                "what, exactly"))
        .containsExactly("time,value,score,alarm,expected,low,high", "2026-01-31 08:00,3.5,0,0,,,");
    assertThat(score("2026/1/31 8:00\t4\n", "1", "2")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "time,value\\nyesterday,1 | line 1: no column 'when'",
        "when,value\\n2026-01-01,1\\nyesterday,1 | line 3: 'yesterday' is no time",
        "when,value\\n2026-01-01,much | line 2: value 'much' is no number",
        "when,value\\n2026-01-01 | line 2: 1 columns",
        "when,value\\n2026-02-30,1 | line 2: '2026-02-30' is no time",
        "when,value\\n | no rows",
      })
  void whatCannotBeReadIsNamedWithItsLine(String csv, String message) {
    assertThatThrownBy(() -> score(csv.replace("\\n", "\n"), "when", "2"))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-31 08:00:00, 2026-01-31T00:00:00Z",
    "2026/1/31 8:00, 2026-01-31T00:00:00Z",
    "2026年1月31日 08:00, 2026-01-31T00:00:00Z",
    "2026-01-31, 2026-01-30T16:00:00Z",
    "20260131, 2026-01-30T16:00:00Z",
    "202601310800, 2026-01-31T00:00:00Z",
    "2026-01-31T08:00:00Z, 2026-01-31T08:00:00Z",
    "2026-01-31T08:00:00.250+08:00, 2026-01-31T00:00:00.250Z",
    "2026-01-31 08:00:00 UTC, 2026-01-31T08:00:00Z",
    "1769846400, 2026-01-31T08:00:00Z",
    "1769846400.5, 2026-01-31T08:00:00.500Z",
    "1769846400000, 2026-01-31T08:00:00Z",
    "1769846400000000, 2026-01-31T08:00:00Z",
  })
  void timesAreReadInTheFormsThatPeopleWrite(String text, Instant time) {
    assertThat(LooseTime.parse(text)).isEqualTo(time);
  }

  @Test
  void aStatedGrainIsUsedFromTheFirstRowOn() throws IOException {
    StringWriter out = new StringWriter();
    CsvScoring.Summary summary =
        new CsvScoring(SuiteScorers.operating(), DayClass::usual, "1", "2", Grain.of("PT5M"))
            .run(
                new BufferedReader(new StringReader("2026-01-01 00:00,1\n2026-01-01 00:15,2\n")),
                out);
    assertThat(summary).isEqualTo(new CsvScoring.Summary(2, 0, 0, 2, "PT5M"));
  }
}
