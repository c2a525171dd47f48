package org.chengmai.engine.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.chengmai.indicators.region.City;
import org.junit.jupiter.api.Test;

class DemoLibrariesTest {
  @Test
  void checkCharactersOfSocialCreditCodesAreRight() {
    // Vectors: remainder 0 and remainder 1 of the outer check, where a widely copied bug sits.
    assertThat(DemoLibraries.socialCreditCode("630102", 49)).isEqualTo("91630102MA00004960");
    assertThat(DemoLibraries.socialCreditCode("630102", 12)).isEqualTo("91630102MA000012XY");
  }

  @Test
  void thingsHappenInTheStreetsOfTheCity() throws IOException {
    Path demo = Path.of(System.getProperty("chengmai.root", ".."), "examples/demo");
    String sql = Files.readString(demo.resolve("sql/demo.sql"));
    City city = City.read("city.yaml", Files.readString(demo.resolve("city.yaml")));
    List<String> streets =
        Pattern.compile("\\b6301\\d{5}\\b").matcher(sql).results().map(m -> m.group()).toList();
    assertThat(streets).isEqualTo(city.streets().stream().map(City.Street::code).toList());
    assertThat(city.grids())
        .extracting(City.Grid::code)
        .containsExactlyElementsOf(
            streets.stream().flatMap(s -> Stream.of(s + "001", s + "002")).toList());
  }
}
