package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.chengmai.engine.sql.Differential.Outcome;
import org.chengmai.engine.sql.Differential.Verdict;
import org.junit.jupiter.api.DynamicTest;

/**
 * Tests of random queries, each named by its seed; {@code -Dchengmai.seed=N} runs one alone and
 * prints it. The last test looks at all.
 */
final class DifferentialTests {
  private static final String ALONE = System.getProperty("chengmai.seed", "");

  /** So many queries of a hundred must run in sources and DuckDB. */
  private static final int FEDERATED = 97;

  private interface Check {
    Verdict of(long seed);
  }

  private final AtomicInteger queries = new AtomicInteger();
  private final AtomicInteger federated = new AtomicInteger();
  private final AtomicInteger oracleWrong = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  private DifferentialTests() {}

  /** Queries whose answers must be the same everywhere. */
  static Stream<DynamicTest> queries(Differential differential, int count, int oracleEvery) {
    return new DifferentialTests()
        .tests(
            count, seed -> differential.check(seed, !ALONE.isEmpty() || seed % oracleEvery == 0));
  }

  /** Predicates that must part relations into true, false and unknown. */
  static Stream<DynamicTest> partitions(Differential differential, int count) {
    return new DifferentialTests().tests(count, differential::checkPartition);
  }

  private Stream<DynamicTest> tests(int count, Check check) {
    LongStream seeds =
        ALONE.isEmpty() ? LongStream.rangeClosed(1, count) : LongStream.of(Long.parseLong(ALONE));
    Stream<DynamicTest> each =
        seeds.mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(check, seed)));
    return ALONE.isEmpty()
        ? Stream.concat(each, Stream.of(DynamicTest.dynamicTest("all together", this::summary)))
        : each;
  }

  private void run(Check check, long seed) {
    Verdict verdict = check.of(seed);
    if (!ALONE.isEmpty()) {
      System.out.println(verdict.text());
    }
    queries.incrementAndGet();
    if (verdict.isFederated()) {
      federated.incrementAndGet();
    }
    if (verdict.outcome() == Outcome.ORACLE_WRONG) {
      oracleWrong.incrementAndGet();
    }
    if (verdict.outcome() == Outcome.REFUSED) {
      refused.incrementAndGet();
    }
    assertThat(verdict.outcome()).as(verdict.text()).isNotEqualTo(Outcome.DIFFERENT);
  }

  private void summary() {
    System.out.printf(
        "differential: %d queries, %d federated, %d where Calcite's own code fails, %d refused%n",
        queries.get(), federated.get(), oracleWrong.get(), refused.get());
    assertThat(federated.get() * 100).isGreaterThanOrEqualTo(queries.get() * FEDERATED);
    assertThat(refused.get() * 100).isLessThanOrEqualTo(queries.get());
  }
}
