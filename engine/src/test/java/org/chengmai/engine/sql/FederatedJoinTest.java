package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FederatedJoinTest {
  @TempDir Path folder;
  private SqlEngine engine;

  @BeforeEach
  void open() throws Exception {
    engine =
        new SqlEngine(
            List.of(source("small", 30), source("big", 9_000)),
            List.of(),
            SqlLimits.defaults(),
            Execution.FEDERATED,
            folder.resolve("spill"),
            InstantSource.system());
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private Source source(String library, int rows) throws Exception {
    return source(
        library,
        IntStream.range(0, rows)
            .mapToObj(i -> i % 30 + ",r" + i % 3 + "," + i + "\n")
            .collect(Collectors.joining("", "k,region,v\n", "")));
  }

  private Source source(String library, String csv) throws Exception {
    Path file = Files.writeString(folder.resolve(library + ".csv"), csv);
    return new FileConfig(List.of(FileTable.of("t", file)), "128MB")
        .open(library, folder.resolve(library));
  }

  private String fragment(String library, String sql) {
    return engine.fragments(SqlEngine.INTERNAL, sql).stream()
        .filter(one -> one.getKey().equals(library))
        .map(one -> one.getValue())
        .collect(Collectors.joining());
  }

  @Test
  void columnsOfAFilterStayInTheSource() {
    String sql =
        "select s.v, b.v from small.t s join big.t b on s.k = b.k where s.region = 'r1' and b.region = 'r2'";
    assertThat(fragment("small", sql).lines().findFirst().orElseThrow()).doesNotContain("region");
    assertThat(fragment("big", sql).lines().findFirst().orElseThrow()).doesNotContain("region");
    assertThat(engine.query(SqlEngine.INTERNAL, sql).rows()).isEmpty();
    assertThat(
            engine
                .query(
                    SqlEngine.INTERNAL,
                    "select count(*) from small.t s join big.t b on s.k = b.k where s.region = 'r1' and b.v < 90")
                .rows())
        .containsExactly(List.of(30L));
  }

  @Test
  void namesThatDifferByCaseOnlyAreColumnsOfTheirOwn() throws Exception {
    try (SqlEngine three =
        new SqlEngine(
            List.of(
                source("lower", "k,v\n1,10\n2,20\n"),
                source("upper", "K,V\n1,11\n2,21\n"),
                source("third", "k,V,w\n11,3,5\n21,4,6\n")),
            List.of(),
            SqlLimits.defaults(),
            Execution.FEDERATED,
            folder.resolve("spill-three"),
            InstantSource.system())) {
      assertThat(
              three
                  .query(
                      SqlEngine.INTERNAL,
                      "select l.v, u.\"V\", t.\"V\", t.w from lower.t l join upper.t u on l.k = u.\"K\" join third.t t on t.k = u.\"V\" where l.v + t.w > 0")
                  .rows())
          .containsExactlyInAnyOrder(List.of(10L, 11L, 3L, 5L), List.of(20L, 21L, 4L, 6L));
    }
  }

  @Test
  void theOrderOfTheTextDoesNotMatter() {
    assertThat(fragmentsInOrder("select sum(b.v) from small.t s join big.t b on s.v + 1 = b.v + 1"))
        .isEqualTo(
            fragmentsInOrder("select sum(b.v) from big.t b join small.t s on s.v + 1 = b.v + 1"));
  }

  @Test
  void manyTablesAreJoinedWithoutCrossProducts() {
    // neighbours in the text have no condition in common
    String tables =
        IntStream.range(0, 16)
            .map(i -> i % 2 == 0 ? i / 2 : 8 + i / 2)
            .mapToObj(i -> (i % 2 == 0 ? "small" : "big") + ".t t" + i)
            .collect(Collectors.joining(", "));
    String conditions =
        IntStream.range(1, 16)
            .mapToObj(i -> "t%d.v = t%d.v".formatted(i - 1, i))
            .collect(Collectors.joining(" and "));
    assertThat(
            engine
                .query(
                    SqlEngine.INTERNAL,
                    "select count(*), sum(t15.v) from %s where %s".formatted(tables, conditions))
                .rows())
        .containsExactly(List.of(30L, 435L));
  }

  private List<String> fragmentsInOrder(String sql) {
    assertThat(engine.query(SqlEngine.INTERNAL, sql).rows()).containsExactly(List.of(435L));
    return engine.fragments(SqlEngine.INTERNAL, sql).stream().map(one -> one.getKey()).toList();
  }
}
