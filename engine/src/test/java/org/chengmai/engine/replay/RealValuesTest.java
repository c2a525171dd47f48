package org.chengmai.engine.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.chengmai.engine.Catalogues;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Series;
import org.chengmai.indicators.definition.Computed;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorGroup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Indicators over real data, recomputed here from the files in plain Java, without definitions,
 * compiler and SQL: the engine's values are the same.
 */
final class RealValuesTest {
  private static final Path ROOT = Path.of(System.getProperty("chengmai.root", ".."));
  private static final Path DATA = ROOT.resolve("../shared/data");
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final Set<String> SETS =
      Set.of("beijing-air", "hangzhou-metro", "road-speed", "power-transformer");

  @TempDir static Path folder;
  private static SqlEngine sql;
  private static IndicatorCatalogue catalogue;

  @BeforeAll
  static void open() throws IOException {
    assumeTrue(
        SETS.stream().allMatch(set -> Files.isDirectory(DATA.resolve(set))),
        "the public data sets are not at ../shared/data; examples/real/README.md names their origins");
    Path observations = folder.resolve("observations.csv");
    try (var csv = Files.newBufferedWriter(observations)) {
      csv.write("__time,series,measure,region,value,received,id\n");
      for (DataSet set : DataSet.ALL) {
        if (SETS.contains(set.file().substring(0, set.file().indexOf('/')))) {
          DataSet.Content content = set.read(DATA);
          Map<String, Series> series = new TreeMap<>();
          content.series().forEach(one -> series.put(one.id(), one));
          for (Observation one : content.observations()) {
            Series of = series.get(one.series());
            csv.write(
                "%s,%s,%s,%s,%s,0,\n"
                    .formatted(one.time(), one.series(), of.measure(), of.region(), one.value()));
          }
        }
      }
    }
    Path points =
        Files.writeString(
            folder.resolve("vital_signs.csv"),
            "__time,code,version,region,dimensions,grain,value,numerator,denominator,n,trust,revision,computed_at,input_hash,readings\n"
                + "2020-01-01T00:00:00Z,A,1,r,d,PT1H,1.5,1.5,1.5,1,complete,1,1,h,r\n");
    Map<String, String> types = Map.of("__time", "timestamp", "id", "varchar", "value", "double");
    Source druid =
        new FileConfig(
                List.of(
                    new FileTable(
                        "observations", observations, "UTF-8", ",", List.of(), types, "UTC"),
                    new FileTable(
                        "vital_signs",
                        points,
                        "UTF-8",
                        ",",
                        List.of(),
                        Map.of("__time", "timestamp"),
                        "UTC")),
                "512MB")
            .open("druid", folder.resolve("druid"));
    Path real = ROOT.resolve("examples/real");
    sql =
        new SqlEngine(
            List.of(druid),
            Catalogues.views(real, List.of("libraries")),
            SqlLimits.defaults(),
            Execution.FEDERATED,
            folder.resolve("spill"),
            InstantSource.system());
    catalogue =
        IndicatorCatalogue.load(
            exact(Catalogues.definitions(real, List.of("definitions"))),
            Catalogues.city(real.resolve("city.yaml")).regions(),
            sql);
  }

  /** The definitions with values that are rounded as little as may be. */
  private static Map<String, String> exact(Map<String, String> definitions) {
    Map<String, String> exact = new TreeMap<>();
    definitions.forEach(
        (file, text) -> exact.put(file, text.replaceAll("decimals: \\d+", "decimals: 9")));
    return exact;
  }

  /** One in 10⁹, and what the rounding to nine decimals takes. */
  private static Offset<Double> relative(double own) {
    return Offset.offset(1e-9 * Math.abs(own) + 5e-10);
  }

  @AfterAll
  static void close() {
    if (sql != null) {
      sql.close();
    }
  }

  /** The engine's values by period, null where it says missing. */
  private static Map<Instant, @Nullable Double> values(String code, String from, String to) {
    IndicatorGroup group =
        catalogue.groups(LocalDate.of(2020, 1, 1)).stream()
            .filter(g -> g.definitions().stream().anyMatch(d -> d.code().equals(code)))
            .findFirst()
            .orElseThrow();
    Instant first = LocalDateTime.parse(from).atZone(CHINA).toInstant();
    Instant last = LocalDateTime.parse(to).atZone(CHINA).toInstant();
    Map<Instant, @Nullable Double> values = new TreeMap<>();
    for (Computed one :
        group.read(sql.query(SqlEngine.INTERNAL, group.sql(first, last)), first, last)) {
      if (one.key().code().equals(code)) {
        values.put(one.periodStart(), one.value());
      }
    }
    return values;
  }

  /** Rows of a file as cells. */
  private static List<String[]> rows(String file) throws IOException {
    return Files.readAllLines(DATA.resolve(file)).stream()
        .map(line -> line.replace("\"", "").split(","))
        .toList();
  }

  private static double @Nullable [] hour(String[] cells) {
    double[] hour = new double[6];
    int[] columns = {5, 6, 7, 8, 9, 10};
    for (int i = 0; i < 6; i++) {
      String cell = cells[columns[i]];
      hour[i] = cell.equals("NA") ? Double.NaN : Double.parseDouble(cell);
    }
    hour[4] /= 1000;
    return hour;
  }

  /** PM2.5, PM10, SO2, NO2, CO (mg/m³) and O3 of each hour, NaN where missing. */
  private static Map<Instant, double[]> beijing() throws IOException {
    Map<Instant, double[]> hours = new TreeMap<>();
    for (String[] cells : rows("beijing-air/PRSA_Data_Dongsi.csv")) {
      if (!cells[0].equals("No")) {
        LocalDateTime time =
            LocalDateTime.of(
                Integer.parseInt(cells[1]),
                Integer.parseInt(cells[2]),
                Integer.parseInt(cells[3]),
                Integer.parseInt(cells[4]),
                0);
        hours.put(time.atZone(CHINA).toInstant(), hour(cells));
      }
    }
    return hours;
  }

  /** The limits of HJ 633-2012 for hourly values, particles by those of a day; typed anew here. */
  private static double index(int pollutant, double x) {
    double[][] limits = {
      {0, 35, 75, 115, 150, 250, 350, 500},
      {0, 50, 150, 250, 350, 420, 500, 600},
      {0, 150, 500, 650, 800},
      {0, 100, 200, 700, 1200, 2340, 3090, 3840},
      {0, 5, 10, 35, 60, 90, 120, 150},
      {0, 160, 200, 300, 400, 800, 1000, 1200}
    };
    double[] steps = {0, 50, 100, 150, 200, 300, 400, 500};
    double[] own = limits[pollutant];
    for (int i = 0; i + 1 < own.length; i++) {
      if (x <= own[i + 1]) {
        double exact = steps[i] + (steps[i + 1] - steps[i]) * (x - own[i]) / (own[i + 1] - own[i]);
        return Math.ceil(exact - 1e-9);
      }
    }
    return steps[own.length - 1];
  }

  @Test
  void theAirQualityIndexOfEveryHour() throws IOException {
    Map<Instant, @Nullable Double> engine =
        values("CVS-ENV-0002", "2013-03-01T00:00", "2017-03-01T00:00");
    int compared = 0;
    for (Map.Entry<Instant, double[]> hour : beijing().entrySet()) {
      double worst = Double.NaN;
      for (int i = 0; i < 6; i++) {
        double x = hour.getValue()[i];
        if (!Double.isNaN(x)) {
          double index = index(i, x);
          worst = Double.isNaN(worst) ? index : Math.max(worst, index);
        }
      }
      Double known = engine.get(hour.getKey());
      assertThat(known)
          .as(hour.getKey().toString())
          .isEqualTo(Double.isNaN(worst) ? null : Double.valueOf(worst));
      compared += Double.isNaN(worst) ? 0 : 1;
    }
    assertThat(compared).isGreaterThan(34_000);
  }

  @Test
  void ozonesGreatestEightHoursOfEveryDay() throws IOException {
    Map<Instant, @Nullable Double> engine =
        values("CVS-ENV-0004", "2013-03-01T00:00", "2017-03-01T00:00");
    Map<LocalDate, Double> greatest = greatestOzone(beijing());
    assertThat(greatest).hasSizeGreaterThan(1_380);
    engine.forEach(
        (start, value) -> {
          Double own = greatest.get(start.atZone(CHINA).toLocalDate());
          if (own == null) {
            assertThat(value).as(start.toString()).isNull();
          } else {
            assertThat(value).as(start.toString()).isCloseTo(own, relative(own));
          }
        });
    assertThat(engine).hasSize(1_461);
  }

  /** Of the days that have eight hours in a row with six values. */
  private static Map<LocalDate, Double> greatestOzone(Map<Instant, double[]> hours) {
    Map<LocalDate, Double> greatest = new TreeMap<>();
    for (Instant hour : hours.keySet()) {
      LocalDateTime first = hour.atZone(CHINA).toLocalDateTime();
      if (first.getHour() > 16) {
        continue;
      }
      double sum = 0;
      int known = 0;
      for (int i = 0; i < 8; i++) {
        double[] one = hours.get(hour.plusSeconds(3600L * i));
        if (one != null && !Double.isNaN(one[5])) {
          sum += one[5];
          known++;
        }
      }
      if (known >= 6) {
        greatest.merge(first.toLocalDate(), sum / known, Math::max);
      }
    }
    return greatest;
  }

  @Test
  void goodDaysOfTheYearSoFar() throws IOException {
    Map<Instant, @Nullable Double> engine =
        values("CVS-ENV-0003", "2013-03-01T00:00", "2017-03-01T00:00");
    Map<Instant, double[]> hours = beijing();
    Map<LocalDate, Double> ozone = greatestOzone(hours);
    Map<LocalDate, List<double[]>> days = new TreeMap<>();
    hours.forEach(
        (hour, values) ->
            days.computeIfAbsent(hour.atZone(CHINA).toLocalDate(), d -> new ArrayList<>())
                .add(values));
    double[] limits = {75, 150, 150, 80, 4};
    int year = 0;
    int valid = 0;
    int good = 0;
    for (Map.Entry<LocalDate, List<double[]>> day : days.entrySet()) {
      if (day.getKey().getYear() != year) {
        year = day.getKey().getYear();
        valid = 0;
        good = 0;
      }
      boolean isValid = ozone.containsKey(day.getKey());
      boolean isGood = isValid && ozone.get(day.getKey()) <= 160;
      for (int i = 0; i < 5; i++) {
        int pollutant = i;
        var mean =
            day.getValue().stream()
                .mapToDouble(values -> values[pollutant])
                .filter(x -> !Double.isNaN(x))
                .average();
        isValid &= mean.isPresent();
        isGood &= mean.isPresent() && mean.getAsDouble() <= limits[i];
      }
      valid += isValid ? 1 : 0;
      good += isValid && isGood ? 1 : 0;
      Double known = engine.get(day.getKey().atStartOfDay(CHINA).toInstant());
      if (valid == 0) {
        assertThat(known).as(day.getKey().toString()).isNull();
      } else {
        assertThat(known)
            .as(day.getKey().toString())
            .isCloseTo(100.0 * good / valid, relative(100));
      }
    }
  }

  @Test
  void passengersOfAllStations() throws IOException {
    Map<Instant, @Nullable Double> engine =
        values("CVS-TRF-0005", "2019-01-01T00:00", "2019-01-21T00:00");
    int compared = 0;
    for (String[] cells : rows("hangzhou-metro/inflow_10min.csv")) {
      if (cells[0].startsWith("2019")) {
        double sum = 0;
        for (int i = 1; i < cells.length; i++) {
          sum += Double.parseDouble(cells[i]);
        }
        Instant time = LocalDateTime.parse(cells[0].replace(' ', 'T')).atZone(CHINA).toInstant();
        assertThat(engine.get(time)).as(cells[0]).isEqualTo(sum);
        compared++;
      }
    }
    assertThat(compared).isEqualTo(2_160);
    // closed from midnight to six: missing, not zero
    assertThat(engine).hasSize(20 * 144);
    assertThat(engine.values().stream().filter(Objects::isNull).count()).isEqualTo(20 * 36);
  }

  @Test
  void theHarmonicMeanOfSpeeds() throws IOException {
    Map<Instant, @Nullable Double> engine =
        values("CVS-TRF-0002", "2012-03-01T00:00", "2012-03-08T00:00");
    Instant time = LocalDateTime.parse("2012-03-01T00:00").atZone(CHINA).toInstant();
    List<String[]> rows = rows("road-speed/speed_5min.csv");
    for (String[] cells : rows.subList(1, rows.size())) {
      double inverse = 0;
      for (String cell : cells) {
        inverse += 1 / Double.parseDouble(cell);
      }
      double own = cells.length / inverse;
      assertThat(engine.get(time)).as(time.toString()).isCloseTo(own, relative(own));
      time = time.plusSeconds(300);
    }
    assertThat(engine).hasSize(2_016);
  }

  @Test
  void loadAndOilOfTheTransformer() throws IOException {
    Map<Instant, @Nullable Double> load =
        values("CVS-UTL-0001", "2016-07-01T00:00", "2018-06-26T20:00");
    Map<Instant, @Nullable Double> oil =
        values("CVS-UTL-0002", "2016-07-01T00:00", "2018-06-26T20:00");
    int compared = 0;
    for (String[] cells : rows("power-transformer/ETTh1.csv")) {
      if (cells[0].startsWith("20")) {
        Instant time = LocalDateTime.parse(cells[0].replace(' ', 'T')).atZone(CHINA).toInstant();
        double sum =
            Double.parseDouble(cells[1])
                + Double.parseDouble(cells[3])
                + Double.parseDouble(cells[5]);
        assertThat(load.get(time)).as(cells[0]).isCloseTo(sum, relative(sum));
        double warm = Double.parseDouble(cells[7]);
        assertThat(oil.get(time)).as(cells[0]).isCloseTo(warm, relative(warm));
        compared++;
      }
    }
    assertThat(compared).isEqualTo(17_420);
  }
}
