package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.catalog.ShippedCatalogue;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.lineage.Break;
import org.chengmai.indicators.lineage.Lineage.Input;
import org.chengmai.indicators.lineage.Lineage.Use;
import org.chengmai.indicators.lineage.Lineages;
import org.chengmai.indicators.lineage.Origins;
import org.chengmai.indicators.region.Regions;
import org.junit.jupiter.api.Test;

final class LineagesTest {
  private static final Path ROOT =
      Path.of(System.getProperty("chengmai.root", "..")).toAbsolutePath().normalize();
  private static final Path GOLDEN =
      ROOT.resolve("engine/src/test/resources/org/chengmai/engine/sql/lineage.txt");
  private static final List<String> CODES =
      List.of(
          "CVS-ENV-0001",
          "CVS-GRS-0001",
          "CVS-TRF-0003",
          "CVS-ECO-0001",
          "CVS-SAF-0002",
          "CVS-WTR-0001",
          "CVS-TRF-0005",
          "CVS-ENV-9000");

  private static IndicatorCatalogue catalogue() {
    return IndicatorCatalogue.load(ShippedDefinitions.files(), Regions.xining(), null);
  }

  /** Over the tables that the shipped catalogue describes. */
  private static Lineages shipped() {
    return new Lineages(
        catalogue(), TableChecker.of(DataCatalogue.load(ShippedCatalogue.files())).origins());
  }

  /** Over the demo's views of the topic libraries. */
  private static Lineages overViews() {
    ViewFile views = ViewFile.read(ROOT.resolve("examples/demo/libraries/topic_env.sql"));
    return new Lineages(catalogue(), TableChecker.of(List.of(), List.of(views)).origins());
  }

  @Test
  void columnsOfShippedDefinitionsAreThoseOfTheGoldenFile() throws IOException {
    List<String> lines = new ArrayList<>();
    Lineages lineages = shipped();
    for (String code : CODES) {
      lines.add(code);
      lineages.of(code).inputs().forEach(input -> lines.add(line(input)));
    }
    lines.add("CVS-ENV-0001 over the demo's views");
    overViews().of("CVS-ENV-0001").inputs().forEach(input -> lines.add(line(input)));
    if (Boolean.getBoolean("chengmai.golden")) {
      Files.write(GOLDEN, lines);
    }
    assertThat(lines).isEqualTo(Files.readAllLines(GOLDEN));
  }

  private static String line(Input input) {
    String use =
        input.use().stream()
            .map(u -> u.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return "  %s: %s%s"
        .formatted(
            input.column(),
            use.isEmpty() ? "named" : use,
            input.path().isEmpty() ? "" : " through " + String.join(", ", input.path()));
  }

  @Test
  void theLineageOfEveryShippedDefinitionIsKnown() {
    Lineages lineages = shipped();
    for (var definition : catalogue().all()) {
      List<Input> inputs = lineages.of(definition.code()).inputs();
      if (definition.definition().type().isQueried()) {
        assertThat(inputs).as(definition.code()).anyMatch(i -> i.use().contains(Use.REGION));
        assertThat(inputs).as(definition.code()).allMatch(input -> !input.use().isEmpty());
      } else {
        assertThat(inputs).isEmpty();
        assertThat(lineages.from(definition.code())).isNotEmpty();
      }
    }
  }

  @Test
  void whatBreaksIsFoundThroughViewsAndComposites() {
    Lineages.Breaks breaks = overViews().breaks("DRUID", "observations", "value");
    assertThat(breaks.breaks())
        .extracting(Break::code, Break::because)
        .contains(
            tuple(
                "CVS-ENV-0001",
                List.of(
                    "druid.observations.value",
                    "indicators.observations.val",
                    "topic_env.air.val",
                    "CVS-ENV-0001")),
            tuple(
                "CVS-CTY-9000",
                List.of(
                    "druid.observations.value",
                    "indicators.observations.val",
                    "topic_env.air.val",
                    "CVS-ENV-0001",
                    "CVS-ENV-9000",
                    "CVS-CTY-9000")));
    // other libraries are not there, so what their indicators read cannot be told
    assertThat(breaks.unknown()).containsKey("CVS-GRS-0001").doesNotContainKey("CVS-ENV-0001");
  }

  @Test
  void aColumnThatAViewOnlyNamesBreaksWhatReadsTheView() {
    assertThat(overViews().breaks("druid", "observations", "id").breaks())
        .filteredOn(found -> found.code().equals("CVS-ENV-0001"))
        .extracting(Break::because)
        .containsExactly(
            List.of(
                "druid.observations.id",
                "indicators.observations.id",
                "topic_env.air",
                "CVS-ENV-0001"));
  }

  @Test
  void aRenamedColumnIsFoundBeforeAndAfter() {
    Lineages before = shipped();
    assertThat(before.breaks("topic_gov", "grid_event", "due_at").breaks())
        .extracting(Break::code)
        .contains("CVS-GRS-0001", "CVS-GOV-9000")
        .doesNotContain("CVS-ENV-0001");
    Map<String, String> renamed = new TreeMap<>(ShippedCatalogue.files());
    renamed.replaceAll((file, text) -> text.replace("{name: due_at,", "{name: deadline,"));
    assertThat(renamed).isNotEqualTo(ShippedCatalogue.files());
    Lineages after =
        new Lineages(catalogue(), TableChecker.of(DataCatalogue.load(renamed)).origins());
    Lineages.Breaks breaks = after.breaks("topic_gov", "grid_event", "due_at");
    assertThat(breaks.breaks()).isEmpty();
    assertThat(breaks.unknown().get("CVS-GRS-0001")).contains("due_at").contains("not found");
  }

  @Test
  void aTableAndALibraryAreAskedForAsWhole() {
    Lineages lineages = shipped();
    List<String> ofTable =
        lineages.breaks("topic_env", "air", null).breaks().stream().map(Break::code).toList();
    List<String> ofLibrary =
        lineages.breaks("topic_env", null, null).breaks().stream().map(Break::code).toList();
    assertThat(ofTable).contains("CVS-ENV-0001", "CVS-ENV-9000", "CVS-CTY-9000");
    assertThat(ofLibrary).containsAll(ofTable).hasSizeGreaterThan(ofTable.size());
  }

  @Test
  void whatIsNotThereIsRefused() {
    assertThatThrownBy(() -> shipped().breaks("topic_env", "air", "vale"))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("there is no topic_env.air.vale");
    assertThat(shipped().breaks("topic_env", "air", "ID").breaks()).isEmpty();
  }

  @Test
  void joinsFiltersAndSubQueriesAreToldApart() {
    ViewFile views =
        new ViewFile(
            "topic_x",
            "topic_x.sql",
            """
        CREATE VIEW a AS SELECT ts, region, series, measure, val, id FROM indicators.observations;
        CREATE VIEW b AS SELECT ts, region, measure, MAX(val) AS top FROM a WHERE id IS NOT NULL GROUP BY ts, region, measure, series;
        """);
    QueryReader reader = new QueryReader(TableChecker.of(List.of(), List.of(views)));
    Origins joined =
        reader.read(
            """
        SELECT x.region AS region_code, SUM(x.val) FILTER (WHERE x.measure = 'm') AS a_0
        FROM topic_x.a AS x JOIN topic_x.b AS y ON x.ts = y.ts
        WHERE y.top > 1 AND EXISTS (SELECT 1 FROM topic_x.b AS z WHERE z.region = x.region AND z.measure = 'q')
        GROUP BY x.region""");
    assertThat(names(joined.outputs().get("a_0"))).containsExactly("topic_x.a.val");
    assertThat(names(joined.filters()))
        .contains("topic_x.a.measure", "topic_x.b.measure", "topic_x.b.top")
        .doesNotContain("topic_x.a.ts", "topic_x.a.val", "topic_x.a.region");
    assertThat(names(joined.joins()))
        .containsExactly("topic_x.a.region", "topic_x.a.ts", "topic_x.b.region", "topic_x.b.ts");
  }

  private record QueryReader(TableChecker checker) {
    Origins read(String sql) {
      return checker.origins().of(sql);
    }
  }

  private static List<String> names(java.util.Set<?> columns) {
    return columns.stream().map(Object::toString).toList();
  }
}
