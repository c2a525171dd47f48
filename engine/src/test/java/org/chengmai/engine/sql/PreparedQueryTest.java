package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreparedQueryTest {
  private static final Principal ANALYST = new Principal("ana", Role.ANALYST);

  @TempDir Path folder;
  private SqlEngine engine;

  @BeforeEach
  void open() throws Exception {
    engine = SmallEngine.open(folder);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private PreparedQuery prepared(String sql, String... types) {
    return engine.prepare(QueryRequest.of(ANALYST, Via.ENGINE, sql), List.of(types));
  }

  private List<List<@Nullable Object>> rows(PreparedQuery query, @Nullable Object... values) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (RowStream stream =
        engine.stream(QueryRequest.of(ANALYST, Via.HTTP, query, Arrays.asList(values)), id -> {})) {
      assertThat(stream.columns()).isEqualTo(query.columns());
      while (stream.hasNext()) {
        rows.add(stream.next());
      }
    }
    return rows;
  }

  @Test
  void typesFollowFromWhereParametersStand() {
    PreparedQuery query =
        prepared(
            "select region, v + ? from env.air where ts >= ? and region in (?, ?) and price < ? and good = ?"
                + " and cast(ts as date) between ? and ? order by v limit ? offset ?");
    assertThat(query.parameters())
        .containsExactly(
            "BIGINT",
            "TIMESTAMP",
            "VARCHAR",
            "VARCHAR",
            "DOUBLE",
            "BOOLEAN",
            "DATE",
            "DATE",
            "BIGINT",
            "BIGINT");
    assertThat(query.columns())
        .containsExactly(
            new Table.Column("region", "VARCHAR"), new Table.Column("EXPR$1", "BIGINT"));
    LocalDate day = LocalDate.parse("2026-01-01");
    assertThat(
            rows(
                query,
                5,
                Instant.parse("2026-01-01T00:00:00Z"),
                "城东",
                "城西",
                2,
                true,
                day,
                day,
                9,
                0))
        .containsExactly(List.of("城东", 15L));
  }

  @Test
  void theSameQueryRunsForManyValues() {
    PreparedQuery query = prepared("select v from env.air where region = ?");
    assertThat(rows(query, "城东")).containsExactly(List.of(10L));
    assertThat(rows(query, "城西")).containsExactly(List.of(20L));
    assertThat(rows(query, "O'Neil' or '1'='1")).isEmpty();
    assertThat(rows(query, "O'Neil")).hasSize(1);
    assertThat(rows(query, (Object) null)).isEmpty();
  }

  @Test
  void numberedParametersMayBeUsedTwiceAndInAnyOrder() {
    PreparedQuery query =
        prepared(
            "select $2, '$9' as \"$8\" /* $7 */ from env.air where v = $1 or v = $1 + 1 -- $6");
    assertThat(query.parameters()).containsExactly("BIGINT", "VARCHAR");
    assertThat(rows(query, 10, "x")).containsExactly(List.of("x", "$9"));
    assertThat(rows(query, 9, "x")).hasSize(1);
  }

  @Test
  void whatNothingSaysATypeOfIsText() {
    PreparedQuery query = prepared("select ?, ? || '!', coalesce(?, 'none')");
    assertThat(query.parameters()).containsExactly("VARCHAR", "VARCHAR", "VARCHAR");
    assertThat(rows(query, 1, "a", null)).containsExactly(List.of("1", "a!", "none"));
  }

  @Test
  void givenTypesDecideOnTheResult() {
    PreparedQuery query =
        prepared(
            "select ?, ?, ?, ?, ?, ?, ?, ?, ?",
            "INTEGER",
            "BIGINT",
            "DECIMAL",
            "DOUBLE",
            "BOOLEAN",
            "DATE",
            "TIME",
            "TIMESTAMP",
            "VARCHAR");
    assertThat(query.columns().stream().map(Table.Column::type))
        .containsExactlyElementsOf(query.parameters());
    assertThat(
            rows(
                query,
                "-5",
                7,
                "12",
                0.1,
                "t",
                "2026-02-03",
                "10:20:30",
                "2026-02-03 04:05:06.7+08",
                3))
        .containsExactly(
            List.of(
                -5L,
                7L,
                new BigDecimal("12"),
                0.1,
                true,
                LocalDate.parse("2026-02-03"),
                LocalTime.parse("10:20:30"),
                Instant.parse("2026-02-02T20:05:06.700Z"),
                "3"));
    assertThat(rows(query, null, null, null, null, null, null, null, null, null))
        .containsExactly(Arrays.asList(new Object[9]));
  }

  @Test
  void decimalsKeepAllDigits() {
    PreparedQuery query = prepared("select ? + 0.10", "DECIMAL");
    assertThat(rows(query, "12345678901234567.123456"))
        .containsExactly(List.of(new BigDecimal("12345678901234567.223456")));
  }

  @Test
  void theShapeOfAPlanIsThatOfThePreparedQuery() {
    for (String sql :
        List.of(
            "select *, price * 2, 'a', null, ts + interval '1' hour from env.air where v > 5",
            "select region, count(*), sum(price), avg(v) from env.air group by region order by 2",
            "select cast(ts as date), now() from env.air where ts < now()",
            "explain select * from env.air")) {
      assertThat(engine.shape(QueryRequest.of(ANALYST, Via.FLIGHT, sql)))
          .as(sql)
          .isEqualTo(prepared(sql).shape());
    }
  }

  @Test
  void valuesThatAreNoneOfTheTypeAreRefused() {
    PreparedQuery query = prepared("select v from env.air where v = ? and ts > ?");
    assertThatThrownBy(() -> rows(query, "ten", "2026-01-01"))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessage("parameter 1 is no BIGINT: ten");
    assertThatThrownBy(() -> rows(query, 1, "yesterday"))
        .hasMessage("parameter 2 is no TIMESTAMP: yesterday");
    assertThatThrownBy(() -> rows(query, "1E999999999", "2026-01-01"))
        .hasMessage("parameter 1 is no BIGINT: 1E999999999");
    assertThatThrownBy(() -> rows(query, 1))
        .hasMessage("the query has 2 parameters, and 1 values came");
    assertThatThrownBy(() -> engine.query(ANALYST, "select v from env.air where v = ?"))
        .hasMessageContaining("has a parameter (?) and no value");
  }

  @Test
  void wrongQueriesAreRefusedWithTheirPlace() {
    assertThatThrownBy(() -> prepared("select region\nfrom env.air where $1 = wrong"))
        .hasMessageContaining("line 2, column 25");
    assertThatThrownBy(() -> prepared("select $1, ?")).hasMessageContaining("not both");
    assertThatThrownBy(() -> prepared("select $0")).hasMessage("there is no parameter $0");
    assertThatThrownBy(() -> prepared("delete from env.air where v = ?"))
        .hasMessageContaining("only queries run here");
  }

  @Test
  void anExplanationTakesTheSameValues() {
    PreparedQuery query = prepared("explain select v from env.air where region = $1");
    assertThat(query.columns()).containsExactly(new Table.Column("plan", "VARCHAR"));
    assertThat(rows(query, "城东").toString()).contains("城东");
  }

  @Test
  void longTextsAreRead() {
    String text = "x''".repeat(50_000);
    assertThat(engine.query(ANALYST, "select char_length('" + text + "')").rows())
        .containsExactly(List.of(100_000L));
  }
}
