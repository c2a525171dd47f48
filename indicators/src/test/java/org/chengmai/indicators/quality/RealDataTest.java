package org.chengmai.indicators.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.chengmai.indicators.TestFiles;
import org.junit.jupiter.api.Test;

/** The rules on values that were really measured. */
class RealDataTest {
  private static List<String> lines(String path) throws IOException {
    Path file = TestFiles.data(path);
    assumeTrue(Files.exists(file), file + " is absent: real measurements to try the rules on");
    return Files.readAllLines(file);
  }

  private static int column(List<String> lines, String name) {
    return Arrays.asList(lines.get(0).replace("\"", "").split(",")).indexOf(name);
  }

  private static NavigableMap<Instant, Double> transformer(String name) throws IOException {
    List<String> lines = lines("power-transformer/ETTh1.csv");
    int column = column(lines, name);
    NavigableMap<Instant, Double> values = new TreeMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      values.put(
          LocalDateTime.parse(cells[0].replace(' ', 'T')).atZone(Cases.CHINA).toInstant(),
          Double.valueOf(cells[column]));
    }
    return values;
  }

  private static NavigableMap<Instant, Double> air(String name) throws IOException {
    List<String> lines = lines("beijing-air/PRSA_Data_Dongsi.csv");
    int column = column(lines, name);
    NavigableMap<Instant, Double> values = new TreeMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      if (!cells[column].equals("NA")) {
        values.put(
            LocalDateTime.of(
                    Integer.parseInt(cells[1]),
                    Integer.parseInt(cells[2]),
                    Integer.parseInt(cells[3]),
                    Integer.parseInt(cells[4]),
                    0)
                .atZone(Cases.CHINA)
                .toInstant(),
            Double.valueOf(cells[column]));
      }
    }
    return values;
  }

  /** How often a rule failed, and how often it had something to say. */
  private record Tally(int failed, int judged) {}

  private static Tally judge(
      QualityRule rule, NavigableMap<Instant, Double> values, int decimals, Duration every) {
    int failed = 0;
    int judged = 0;
    for (Map.Entry<Instant, Double> one : values.entrySet()) {
      if (Duration.between(values.firstKey(), one.getKey()).toHours() % every.toHours() == 0) {
        Optional<Finding> finding =
            rule.judge(
                Cases.newest(
                    new TreeMap<>(
                        values
                            .headMap(one.getKey(), true)
                            .tailMap(
                                one.getKey().minus(rule.lookBack(Cases.HOUR)).minusSeconds(3600),
                                true)),
                    decimals));
        judged += finding.isPresent() ? 1 : 0;
        failed += finding.filter(f -> !f.passed()).isPresent() ? 1 : 0;
      }
    }
    return new Tally(failed, judged);
  }

  private static int flatHours(String column, String longest) throws IOException {
    return judge(
            QualityRule.parse("flatline", longest), transformer(column), 3, Duration.ofHours(1))
        .failed();
  }

  @Test
  void theTransformersFlatLinesAreFoundToTheHour() throws IOException {
    // oil temperature: 14 whole days stand still, each at its 24th hour
    assertThat(flatHours("OT", "PT24H")).isEqualTo(14);
    assertThat(flatHours("OT", "PT25H")).isZero();
    // a load that stands at 8.285 for 141 hours, and nowhere else so long
    assertThat(flatHours("LUFL", "PT141H")).isEqualTo(1);
    assertThat(flatHours("LUFL", "PT142H")).isZero();
    // the other load is zero in those hours, and zeros may rest
    assertThat(flatHours("LULL", "PT141H")).isZero();
  }

  @Test
  void measuredAirHasNoFavouriteDigitsButRoundedAirHas() throws IOException {
    QualityRule rule = QualityRule.parse("digits", "p >= 0.0001 over P28D");
    Duration apart = Duration.ofDays(28);
    for (String pollutant : List.of("PM2.5", "NO2", "O3")) {
      Tally tally = judge(rule, air(pollutant), 0, apart);
      assertThat(tally.judged()).as(pollutant).isGreaterThan(20);
      assertThat(tally.failed()).as(pollutant).isZero();
    }
    // carbon monoxide comes in hundreds
    Tally rounded = judge(rule, air("CO"), 0, apart);
    assertThat(rounded.judged()).isGreaterThan(40);
    assertThat(rounded.failed()).isEqualTo(rounded.judged());
    // temperatures were written down in whole degrees now and then
    assertThat(judge(rule, air("TEMP"), 1, apart).failed()).isBetween(1, 10);
  }

  /** Clean days after a week of smog are calm: 7 days in a thousand at this bound, 1 at 0.02. */
  @Test
  void airIsSeldomTooConstant() throws IOException {
    QualityRule rule = QualityRule.parse("constancy", ">=0.05 over P1D");
    Tally air = judge(rule, air("PM2.5"), 0, Duration.ofDays(1));
    assertThat(air.judged()).isGreaterThan(1000);
    assertThat(air.failed()).isLessThanOrEqualTo(air.judged() / 100);
    // the transformer's days that stand still
    Tally oil = judge(rule, transformer("OT"), 3, Duration.ofHours(1));
    assertThat(oil.failed()).isGreaterThanOrEqualTo(14);
  }
}
