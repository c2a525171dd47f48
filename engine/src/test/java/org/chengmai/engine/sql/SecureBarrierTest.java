package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParseException;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of the table {@code pay} only the rows of region A may be seen, of {@code region} all. */
final class SecureBarrierTest {
  private final Catalog catalog = new Catalog();
  private final QueryPlanner planner =
      new QueryPlanner(CalciteSchema.from(catalog.root()), "l", new OnlyRegionA());
  @TempDir Path folder;
  private Source source;

  @BeforeEach
  void open() throws IOException {
    source =
        new FileConfig(
                List.of(
                    table("pay", "region,name,sal\nA,王,100\nA,李,200\nB,秘,777\n"),
                    table("region", "code,title\nA,城东\nB,城西\n")),
                "128MB")
            .open("l", folder.resolve("l"));
    catalog.add(source);
  }

  private FileTable table(String name, String csv) throws IOException {
    return FileTable.of(name, Files.writeString(folder.resolve(name + ".csv"), csv));
  }

  @AfterEach
  void close() {
    source.close();
  }

  private static final class OnlyRegionA implements Policies {
    @Override
    public Policy of(List<String> table) {
      return table.get(1).equals("pay") ? new Policy(OnlyRegionA::isA) : Policy.ALL;
    }

    private static RexNode isA(RexBuilder builder, RelDataType row) {
      return builder.makeCall(
          SqlStdOperatorTable.EQUALS, RexInputRef.of(0, row), builder.makeLiteral("A"));
    }

    @Override
    public String hash() {
      return "A";
    }
  }

  private FederatedPlan plan(String sql) {
    return (FederatedPlan) plan(sql, Execution.FEDERATED);
  }

  private Plan plan(String sql, Execution execution) {
    try {
      return planner.plan(
          planner.parse(sql),
          new PlanContext(Instant.EPOCH, execution, catalog.byLibrary(), FreshSnapshots.NONE),
          Parameters.none());
    } catch (SqlParseException e) {
      throw SqlErrors.translate(e);
    }
  }

  private List<String> fragments(String sql) {
    return plan(sql).questions().stream().map(Plan.Question::sql).toList();
  }

  private List<List<Object>> rows(String sql) {
    try (Workshop workshop =
            new Workshop(SqlLimits.defaults(), catalog.byLibrary(), folder.resolve("spill"));
        FederatedRun run = new FederatedRun(plan(sql), "li", workshop, new Ending(), false)) {
      List<List<Object>> rows = new ArrayList<>();
      run.forEachRemaining(rows::add);
      return rows;
    }
  }

  @Test
  void hiddenRowsMeetNoExpressionOfTheUser() {
    String sql = "select name from pay where 1 / (sal - 777) >= 0 or name like '秘%'";
    assertThat(fragments(sql)).singleElement().asString().contains("'A'").doesNotContain("777");
    assertThat(rows(sql)).containsExactlyInAnyOrder(List.of("王"), List.of("李"));
    assertThat(rows("select count(*), max(sal) from pay")).containsExactly(List.of(2L, 200L));
  }

  @Test
  void leakProofConditionsReachTheSource() {
    String sql = "select name from pay where sal > 100 and name <> 'x' and upper(name) <> 'y'";
    assertThat(fragments(sql))
        .singleElement()
        .asString()
        .contains("'A'", "100", "'x'")
        .doesNotContain("'y'");
    assertThat(rows(sql)).containsExactly(List.of("李"));
  }

  @Test
  void subQueriesAndJoinsAreBehindItToo() {
    assertThat(rows("select title from region where code in (select region from pay)"))
        .containsExactly(List.of("城东"));
    assertThat(
            rows(
                "select r.title, p.sal from region r left join pay p on r.code = p.region and p.sal > 700"))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row.get(1)).isNull());
  }

  @Test
  void onlyNeededColumnsAreRead() {
    assertThat(fragments("select max(sal) from pay"))
        .singleElement()
        .asString()
        .doesNotContain("name");
  }

  @Test
  void aTableWithoutPolicyCostsNothing() {
    assertThat(plan("select max(title) from region where upper(code) = 'A'").steps()).hasSize(1);
  }

  @Test
  void rowByRowIsRefused() {
    assertThatThrownBy(() -> plan("select name from pay", Execution.ENUMERABLE))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("may not see all rows");
  }
}
