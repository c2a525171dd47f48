package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqlEngineTest {
  private static final Principal ANALYST = new Principal("ana", Role.ANALYST);
  private static final Instant NOW = Instant.parse("2026-11-22T04:05:06.789Z");

  @TempDir Path folder;
  private SqlEngine engine;

  @BeforeEach
  void open() throws Exception {
    Path air = folder.resolve("air.csv");
    Files.write(
        air,
        "ts,region,station,pm25\n2026-01-01 00:10:00,630102,㐂站,10\n2026-01-01 00:40:00,630102,𠮷站,20\n2026-01-01 17:00:00,630103,城中,30\n2026-01-02 03:00:00,630103,城中,NA\n"
            .getBytes(Charset.forName("GB18030")));
    Path regions = folder.resolve("regions.csv");
    Files.write(regions, "\uFEFF代码,名称\n630102,城东区\n630103,城中区\n".getBytes(StandardCharsets.UTF_8));
    engine =
        engine(
            List.of(
                new ViewFile(
                    "topic_env",
                    "topic_env.sql",
                    """
        -- views of the topic library
        CREATE VIEW hourly AS
        SELECT TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS ts, region, AVG(pm25) AS v FROM base_env.air GROUP BY 1, 2;
        CREATE VIEW named AS SELECT h.ts, r."名称" AS name, h.v FROM hourly h JOIN base_geo.regions r ON h.region = CAST(r."代码" AS BIGINT);
        """)));
  }

  private SqlEngine engine(List<ViewFile> views) {
    Source env =
        new FileConfig(
                List.of(
                    new FileTable(
                        "air",
                        folder.resolve("air.csv"),
                        null,
                        null,
                        List.of("NA"),
                        java.util.Map.of(),
                        "UTC")),
                "128MB")
            .open("base_env", folder.resolve("work-env"));
    Source geo =
        new FileConfig(List.of(FileTable.of("regions", folder.resolve("regions.csv"))), "128MB")
            .open("base_geo", folder.resolve("work-geo"));
    return new SqlEngine(
        List.of(env, geo),
        views,
        new SqlLimits(1000, Duration.ofSeconds(30), 2, "256MB", Duration.ofMillis(200)),
        Execution.FEDERATED,
        folder.resolve("spill"),
        InstantSource.fixed(NOW));
  }

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
  }

  private List<?> first(String sql) {
    return engine.query(ANALYST, sql).rows().get(0);
  }

  @Test
  void emptySqlAnswersOneRow() {
    assertThat(engine.query(ANALYST, "").rows()).containsExactly(List.of(1L));
    assertThat(engine.query(ANALYST, " ; ").rows()).hasSize(1);
    assertThat(engine.query(ANALYST, "select 1").rows()).containsExactly(List.of(1L));
  }

  @Test
  void rowsAreGroupedByWhatAWindowGives() {
    assertThat(
            engine
                .query(
                    ANALYST,
                    "select s.f, count(*) from (select first_value(region) over (partition by region order by ts) as f from base_env.air) s group by s.f order by 1")
                .rows())
        .containsExactly(List.of(630102L, 2L), List.of(630103L, 2L));
  }

  @Test
  void timesAreUtcInstantsWhateverTheZoneOfTheJvm() {
    assertThat(first("select ts from base_env.air order by ts limit 1"))
        .isEqualTo(List.of(Instant.parse("2026-01-01T00:10:00Z")));
  }

  @Test
  void rareCharactersSurviveGb18030AndLiterals() {
    assertThat(
            engine
                .query(
                    ANALYST,
                    "select station from base_env.air where station in ('㐂站', '𠮷站') order by ts")
                .rows())
        .containsExactly(List.of("㐂站"), List.of("𠮷站"));
  }

  @Test
  void namesAreCaseInsensitiveAndResultsKeepTheSpellingOfTheQuery() {
    Table table =
        engine.query(
            ANALYST,
            "SELECT Region, \"STATION\" AS Station, PM25 AS \"value\" FROM BASE_ENV.AIR LIMIT 1");
    assertThat(table.columns().stream().map(Table.Column::name))
        .containsExactly("Region", "Station", "value");
  }

  @Test
  void reservedWordsMakeNames() {
    assertThat(
            engine
                .query(
                    ANALYST,
                    "select ts as time, pm25 as value, region as year from base_env.air order by time limit 1")
                .columns())
        .extracting(Table.Column::name)
        .containsExactly("time", "value", "year");
  }

  @Test
  void viewsUseOtherLibrariesAndLocalPeriods() {
    assertThat(
            engine
                .query(
                    ANALYST,
                    "select ts, name, v from topic_env.named where v is not null order by ts")
                .rows())
        .containsExactly(
            List.of(Instant.parse("2026-01-01T00:00:00Z"), "城东区", new BigDecimal("15.000000")),
            List.of(Instant.parse("2026-01-01T17:00:00Z"), "城中区", new BigDecimal("30.000000")));
  }

  @Test
  void subQueriesForOneValueSeeTheColumnsOfDerivedTables() {
    assertThat(
            engine
                .query(
                    ANALYST,
                    "select s.code, (select max(a.pm25) from base_env.air a where a.region = s.code) as most from (select region as code, pm25 as v from base_env.air) s order by 1")
                .rows())
        .containsExactly(
            List.of(630102L, 20L),
            List.of(630102L, 20L),
            List.of(630103L, 30L),
            List.of(630103L, 30L));
  }

  @Test
  void subQueriesForOneValueSeeTheColumnsOfJoinsOnExpressions() {
    assertThat(
            engine
                .query(
                    ANALYST,
                    """
                    select r."代码", (select max(b.pm25) from base_env.air b where b.region = r."代码") as most
                    from base_env.air a join base_geo.regions r on abs(a.region) = r."代码"
                    order by a.ts
                    """)
                .rows())
        .containsExactly(
            List.of(630102L, 20L),
            List.of(630102L, 20L),
            List.of(630103L, 30L),
            List.of(630103L, 30L));
  }

  @Test
  void localDaysStartAtLocalMidnight() {
    assertThat(
            engine
                .query(
                    ANALYST,
                    "select time_floor(ts, 'P1D', 'Asia/Shanghai') as d, count(*) as n from base_env.air group by 1 order by 1")
                .rows())
        .containsExactly(
            List.of(Instant.parse("2025-12-31T16:00:00Z"), 2L),
            List.of(Instant.parse("2026-01-01T16:00:00Z"), 2L));
  }

  @Test
  void grafanasFormsOfTimeAreAcceptedAndPushedDown() {
    String sql =
        "select date_bin(interval '10 second', ts, timestamp '1970-01-01T00:00:00Z') as time, datepart('minute', ts) as m from base_env.air "
            + "where ts >= '2026-01-01T00:30:00Z' and ts <= cast('2026-01-01T20:00:00+00:00' as timestamp) order by 1";
    assertThat(engine.query(ANALYST, sql).rows())
        .containsExactly(
            List.of(Instant.parse("2026-01-01T00:40:00Z"), 40L),
            List.of(Instant.parse("2026-01-01T17:00:00Z"), 0L));
    assertThat(engine.fragments(ANALYST, sql)).hasSize(1);
    assertThat(engine.fragments(ANALYST, sql).get(0).getValue())
        .contains("TIMESTAMP '2026-01-01 00:30:00")
        .contains("time_bucket");
  }

  @Test
  void timesAreMovedByWholeNumbersOfIntervalsInTheSource() {
    String sql =
        "select timestamp '2026-01-31 00:00:00' + pm25 / 10 * interval '1' month, ts - interval '90' minute * pm25,"
            + " cast(ts as date) - pm25 * interval '1' hour from base_env.air order by pm25";
    assertThat(engine.explain(ANALYST, sql)).startsWith("-- f0: base_env");
    assertThat(engine.query(ANALYST, sql).rows())
        .containsExactly(
            List.of(
                Instant.parse("2026-02-28T00:00:00Z"),
                Instant.parse("2025-12-31T09:10:00Z"),
                LocalDate.parse("2025-12-31")),
            List.of(
                Instant.parse("2026-03-31T00:00:00Z"),
                Instant.parse("2025-12-30T18:40:00Z"),
                LocalDate.parse("2025-12-31")),
            List.of(
                Instant.parse("2026-04-30T00:00:00Z"),
                Instant.parse("2025-12-30T20:00:00Z"),
                LocalDate.parse("2025-12-30")),
            Arrays.asList(null, null, null));
  }

  @Test
  void intervalsThatSourcesReadInOtherWaysAreComputedHere() {
    for (String interval :
        List.of(
            "interval '1 02' day to hour", "(interval '1' day + pm25 / 10 * interval '2' hour)")) {
      String sql = "select ts + " + interval + " from base_env.air where pm25 = 10";
      assertThat(engine.explain(ANALYST, sql)).startsWith("-- row by row");
      assertThat(first(sql)).isEqualTo(List.of(Instant.parse("2026-01-02T02:10:00Z")));
    }
  }

  @Test
  void intervalsAreMultipliedByFractionsAndDivided() {
    for (String hours :
        List.of(
            "(pm25 / 4.0) * interval '1' hour",
            "interval '1' hour * 2.5",
            "2.5e0 * interval '1' hour",
            "(pm25 / 10 + 1.5) * interval '1' hour",
            "interval '10' hour / 4",
            "interval '25' hour / pm25",
            "(pm25 / 8.0) * (interval '1' hour + interval '60' minute)")) {
      assertThat(first("select ts + " + hours + " from base_env.air where pm25 = 10"))
          .as(hours)
          .isEqualTo(List.of(Instant.parse("2026-01-01T02:40:00Z")));
    }
    assertThat(
            first(
                "select count(*) from base_env.air where ts < timestamp '2026-01-01 00:00:00' + (pm25 / 4.0) * interval '1' minute"))
        .isEqualTo(List.of(0L));
  }

  @Test
  void whatIntervalsCannotBeMultipliedByIsToldWithTheCure() {
    for (String months :
        List.of(
            "1.5 * interval '1' month",
            "interval '1' year * (pm25 / 4.0)",
            "interval '1' year / 2")) {
      assertThatThrownBy(() -> first("select ts + " + months + " from base_env.air"))
          .as(months)
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
          .hasMessageContaining("whole number of times")
          .hasMessageContaining("or write days");
    }
    assertThatThrownBy(() -> first("select ts + interval '1' hour / 2.5 from base_env.air"))
        .hasMessageContaining("divided by integers only")
        .hasMessageContaining("multiply");
  }

  @Test
  void dateBinsThatAreNoFloorsAreComputedHere() {
    assertThat(
            first(
                "select date_bin(interval '7' minute, ts, timestamp '2026-01-01 00:01:00') from base_env.air order by ts limit 1"))
        .isEqualTo(List.of(Instant.parse("2026-01-01T00:08:00Z")));
  }

  @Test
  void divisionsByNullMakeNullWhereverTheyStand() {
    for (String rows :
        List.of("(VALUES (1), (2))", "(SELECT pm25 FROM base_env.air ORDER BY pm25 LIMIT 2)")) {
      for (String nothing :
          List.of(
              "-91 / -CAST(NULL AS INTEGER) * -77 * +67",
              "n * (91 / CAST(NULL AS INTEGER))",
              "(CAST(NULL AS DOUBLE) / n) * (1 / CAST(NULL AS DOUBLE)) - (n / NULL) * 3",
              "CHAR_LENGTH(JSON_ARRAY(n)) * (91 / CAST(NULL AS INTEGER))",
              "(SELECT MAX(91 / CAST(NULL AS INTEGER) * b.pm25) FROM base_env.air b)")) {
        assertThat(
                first(
                    "SELECT n, %1$s FROM %2$s AS t (n) WHERE (%1$s) IS NULL ORDER BY %1$s, n DESC LIMIT 1"
                        .formatted(nothing, rows)))
            .as("%s of %s", nothing, rows)
            .element(1)
            .isNull();
      }
    }
    assertThat(first("SELECT -91 / -CAST(NULL AS INTEGER) * -77 * +67").get(0)).isNull();
  }

  @Test
  void theClockIsTheEnginesInUtc() {
    assertThat(first("select current_timestamp, now(), current_date"))
        .hasToString("[2026-11-22T04:05:06Z, 2026-11-22T04:05:06.789Z, 2026-11-22]");
  }

  @Test
  void casesDoNotPadAndMeansOfIntegersHaveFractions() {
    assertThat(
            first(
                "select case when 1 = 1 then 'a' else 'bcd' end, avg(x) from (values (1), (2)) as t(x)"))
        .isEqualTo(List.of("a", new BigDecimal("1.500000")));
  }

  @Test
  void grafanasBuilderQueriesWork() {
    assertThat(
            engine
                .query(
                    ANALYST,
                    "select distinct TABLE_SCHEMA from information_schema.TABLES where TABLE_TYPE != 'SYSTEM VIEW' order by TABLE_SCHEMA")
                .rows())
        .containsExactly(List.of("base_env"), List.of("base_geo"), List.of("topic_env"));
    assertThat(
            engine
                .query(
                    ANALYST,
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'topic_env' ORDER BY table_name")
                .rows())
        .containsExactly(List.of("hourly"), List.of("named"));
    assertThat(
            engine
                .query(
                    ANALYST,
                    "select table_name from INFORMATION_SCHEMA.tables where table_schema = database()")
                .rows())
        .isEmpty();
    assertThat(
            engine
                .query(
                    ANALYST,
                    "select column_name, data_type from information_schema.columns where table_schema = 'base_env' and table_name = 'air' order by column_name")
                .rows())
        .contains(List.of("pm25", "BIGINT"), List.of("ts", "TIMESTAMP"));
  }

  @Test
  void errorsNameThePlaceAndANearName() {
    assertThatThrownBy(() -> engine.query(ANALYST, "select pm_25 from base_env.air"))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("pm_25")
        .hasMessageContaining("column 8")
        .hasMessageContaining("did you mean pm25?");
    assertThatThrownBy(() -> engine.query(ANALYST, "select * from base_env.aire"))
        .hasMessageContaining("did you mean base_env.air?");
    assertThatThrownBy(() -> engine.query(ANALYST, "select * from base_env.nothing_like_it"))
        .hasMessageContaining("'nothing_like_it' not found within 'base_env'")
        .hasMessageContaining("; base_env has air");
    assertThatThrownBy(() -> engine.query(ANALYST, "select * from"))
        .hasMessageContaining("ends too early");
    assertThatThrownBy(() -> engine.check("select nothing_such(1)"))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT));
  }

  @Test
  void onlyQueriesOfAnalystsRun() {
    assertThatThrownBy(() -> engine.query(new Principal("vi", Role.VIEWER), "select 1"))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
    for (String sql :
        List.of(
            "insert into base_env.air values (1)",
            "delete from base_env.air",
            "drop table base_env.air",
            "create table x (a int)")) {
      assertThatThrownBy(() -> engine.query(ANALYST, sql))
          .as(sql)
          .isInstanceOfSatisfying(
              ChengmaiException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT));
    }
  }

  @Test
  void tooManyRowsAreRefusedAndTheStreamHasNoSuchLimit() {
    String sql =
        "select a.pm25 from base_env.air a, base_env.air b, base_env.air c, base_env.air d, base_env.air e";
    assertThatThrownBy(() -> engine.query(ANALYST, sql)).hasMessageContaining("1,000 rows");
    int count = 0;
    try (RowStream rows = engine.stream(ANALYST, sql)) {
      for (; rows.hasNext(); rows.next()) {
        count++;
      }
    }
    assertThat(count).isEqualTo(1024);
  }

  @Test
  void aQueryWithoutATurnIsRefused() {
    try (RowStream one = engine.stream(ANALYST, "select 1");
        RowStream two = engine.stream(ANALYST, "select 2")) {
      assertThatThrownBy(() -> engine.query(ANALYST, "select 3"))
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCES));
      assertThat(one.hasNext() && two.hasNext()).isTrue();
    }
    assertThat(engine.query(ANALYST, "select 3").rows()).hasSize(1);
  }

  @Test
  void aCancelledQueryEndsWithCancelled() {
    try (RowStream rows = engine.stream(ANALYST, "select * from base_env.air")) {
      assertThat(rows.hasNext()).isTrue();
      rows.next();
      rows.cancel();
      assertThatThrownBy(rows::hasNext)
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    }
  }

  @Test
  void explainShowsEachSourcesSql() {
    assertThat(
            engine.explain(
                ANALYST,
                "select region, count(*) from base_env.air where pm25 > 5 group by region"))
        .contains("f0: base_env")
        .contains("GROUP BY");
    assertThat(engine.query(ANALYST, "explain plan for select * from base_env.air").rows())
        .isNotEmpty();
  }

  @Test
  void explainAnalyzeShowsWhatCameFromEachSource() {
    String join =
        "select r.\"名称\", sum(a.pm25) from base_env.air a join base_geo.regions r on a.region = r.\"代码\" group by 1";
    String text = text("explain analyze " + join);
    assertThat(text)
        .contains("base_env, about", "was 4 rows", "was 2 rows", "result: DuckDB", "planned in");
    assertThat(text("explain " + join)).doesNotContain("was ");
    assertThat(text("EXPLAIN (ANALYZE, FORMAT JSON) " + join))
        .startsWith("{\"planning_ms\":")
        .contains("\"rows\":4")
        .contains("\"source\":\"base_env\"");
    JsonNode steps = Json.read(text("EXPLAIN (FORMAT JSON) " + join), JsonNode.class).path("steps");
    assertThat(steps)
        .extracting(step -> step.path("reads_tables").toString())
        .containsExactlyInAnyOrder("[\"base_env.air\"]", "[\"base_geo.regions\"]", "[]");
    List<String> names = new ArrayList<>();
    steps.forEach(step -> names.add("\"%s\"".formatted(step.path("step").asText())));
    assertThat(steps.get(2).path("reads_steps").toString())
        .as("all that come before")
        .isEqualTo(names.subList(0, 2).stream().sorted().toList().toString().replace(" ", ""));
    assertThatThrownBy(() -> text("explain analyze select nope from base_env.air"))
        .hasMessageContaining("column 24");
  }

  @Test
  void timesOfTheResidualKeepTheirInstant() {
    assertThat(
            first(
                "select cast(timestamp '2026-01-01 00:10:00.5' as timestamp(3)), max(ts), min(cast(ts as timestamp(3))) from (select a.ts from base_env.air a join base_geo.regions r on a.region = r.\"代码\")"))
        .isEqualTo(
            List.of(
                Instant.parse("2026-01-01T00:10:00.500Z"),
                Instant.parse("2026-01-02T03:00:00Z"),
                Instant.parse("2026-01-01T00:10:00Z")));
    assertThat(
            engine
                .query(
                    ANALYST,
                    "values (timestamp '2026-01-01 00:10:00'), (timestamp '2026-01-02 00:00:00')")
                .rows())
        .hasSize(2);
  }

  @Test
  void aNamelessColumnMayBeAsLongAsItLikes() {
    String mean = "AVG(CAST(a.pm25 AS DECIMAL(9, 1)))";
    String nested = "1 / (2 + 1 / (2 + 1 / (2 + 1 / (2 + 1 / (2 + %s)))))".formatted(mean);
    for (String sql :
        List.of(
            "SELECT %s FROM base_env.air a, base_geo.regions r",
            "SELECT %s FROM base_env.air a UNION ALL SELECT MAX(r.\"代码\") FROM base_geo.regions r")) {
      String query = sql.formatted(nested);
      assertThat(engine.explain(ANALYST, query))
          .as("the text that DuckDB would make a name of")
          .hasSizeGreaterThan(32_767);
      assertThat(engine.query(ANALYST, query).rows()).isNotEmpty();
    }
  }

  @Test
  void whatCannotBeComputedIsTheQuerysFault() {
    assertThatThrownBy(
            () ->
                engine.query(
                    ANALYST,
                    "select cast(r.\"名称\" as integer) from base_env.air a join base_geo.regions r on a.region = r.\"代码\""))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("impossible");
  }

  private String text(String sql) {
    StringBuilder text = new StringBuilder();
    engine.query(ANALYST, sql).rows().forEach(row -> text.append(row.get(0)).append('\n'));
    return text.toString();
  }

  @Test
  void everyProblemOfTheViewsIsReportedWithItsLine() {
    assertThatThrownBy(
            () ->
                engine(
                    List.of(
                        new ViewFile(
                            "topic_a",
                            "topic_a.sql",
                            "CREATE VIEW x AS SELECT nope\nFROM base_env.air;\nSELECT 1;\nCREATE VIEW y AS SELECT * FROM z;"),
                        new ViewFile(
                            "topic_b",
                            "topic_b.sql",
                            "CREATE VIEW u AS SELECT * FROM w; CREATE VIEW w AS SELECT * FROM u;"))))
        .isInstanceOfSatisfying(
            ChengmaiException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DEFINITION))
        .hasMessageContaining("topic_a.sql:3")
        .hasMessageContaining("topic_a.sql:1: view x")
        .hasMessageContaining("nope")
        .hasMessageContaining("topic_a.sql:4: view y")
        .hasMessageContaining("depends on itself");
  }
}
