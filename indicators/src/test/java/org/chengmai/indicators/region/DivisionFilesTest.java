package org.chengmai.indicators.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.TestFiles;
import org.chengmai.indicators.region.City.Grid;
import org.chengmai.indicators.region.Region.Level;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DivisionFilesTest {
  private static final LocalDate DAY = LocalDate.of(2024, 12, 31);
  private static final String HEADER = "Source\tRevision\tCode\tName\n";
  private static final String OLD =
      HEADER
          + history(
              "201010",
              "990000 某省",
              "990100 江市",
              "990101 市辖区",
              "990121 湖中县",
              "990122 赣县",
              "990123 城县",
              "990124 老县",
              "980000 远省",
              "980100 远市");
  private static final String MIDDLE =
      HEADER
          + history(
              "201510",
              "990000 某省",
              "990100 江市",
              "990101 市辖区",
              "990103 湖中区",
              "990122 赣县",
              "990123 城县",
              "980000 远省",
              "980100 远市");

  private static String history(String revision, String... rows) {
    StringBuilder text = new StringBuilder();
    for (String row : rows) {
      text.append("stats\t%s\t%s\n".formatted(revision, row.replace(' ', '\t')));
    }
    return text.toString();
  }

  private static DivisionFiles.Texts texts(LocalDate day, String areas) {
    return new DivisionFiles.Texts(
        day,
        "\uFEFFcode,name\n99,\"某省\"\n",
        "code,name,provinceCode\n9901,\"江城市\",99\n9902,\"独市\",99\n",
        areas,
        "code,name,areaCode,provinceCode,cityCode\n990103001,\"桥街道\",990103,99,9901\n"
            + "990200001,\"独街道\",990200,99,9902\n",
        List.of(MIDDLE, OLD));
  }

  private final Regions read =
      DivisionFiles.read(
          texts(
              DAY,
              """
              code,name,cityCode,provinceCode
              990103,"湖中区",9901,99
              990104,"赣县区",9901,99
              990105,"区县",9901,99
              990200,"独市",9902,99
              """));

  @Test
  void changesAreDatedByTheFirstStateThatHasThem() {
    assertThat(RegionFile.write(read))
        .isEqualTo(
            """
            980000 - - - 远省
            980100 - - - 远市
            990000 - - - 某省
            990100 - 2024-12-30 990100 江市
            990100 2024-12-31 - - 江城市
            990103 2015-10-01 - - 湖中区
            990103001 2015-10-01 - - 桥街道
            990104 2024-12-31 - - 赣县区
            990105 2024-12-31 - - 区县
            990121 - 2015-09-30 990103 湖中县
            990122 - 2024-12-30 990104 赣县
            990123 - 2024-12-30 - 城县
            990124 - 2015-09-30 - 老县
            990200 2024-12-31 - - 独市
            990200001 2024-12-31 - - 独街道
            """);
  }

  @Test
  void aCityIsCutOutWithWhatBecameOfItsFormerDistricts() {
    City city = CityFile.cut(read, "990100", true, List.of());
    assertThat(CityFile.write(city))
        .isEqualTo(
            """
            code: "990100"
            name: {zh: 江城市}
            districts:
              - {code: "990103", name: {zh: 湖中区}, from: 2015-10-01, tile: {column: 0, row: 0}}
              - {code: "990104", name: {zh: 赣县区}, from: 2024-12-31, tile: {column: 1, row: 0}}
              - {code: "990105", name: {zh: 区县}, from: 2024-12-31, tile: {column: 2, row: 0}}
            streets:
              - {code: "990103001", name: {zh: 桥街道}}
            former:
              - {code: "990122", name: {zh: 赣县}, to: 2024-12-30, successor: "990104"}
              - {code: "990123", name: {zh: 城县}, to: 2024-12-30}
              - {code: "990121", name: {zh: 湖中县}, to: 2015-09-30, successor: "990103"}
              - {code: "990124", name: {zh: 老县}, to: 2015-09-30}
            """);
    assertThatThrownBy(() -> CityFile.cut(read, "990121", true, List.of()))
        .hasMessage("990121 is no city's code today");
    assertThatThrownBy(() -> CityFile.cut(Regions.qinghai(), "632100", true, List.of()))
        .hasMessage("632100 is no city's code today; it is 630200 now");
  }

  @Test
  void cellsOfTheGridComeFromTheirOwnFile() {
    List<Grid> grids =
        DivisionFiles.grids(
            "grid.csv", "parent,code,name\r\n990103001,99010300101,\"一格, \"\"东\"\"\"\r\n");
    City city = CityFile.cut(read, "990100", true, grids);
    assertThat(city.grids()).extracting(g -> g.name().zh()).containsExactly("一格, \"东\"");
    assertThat(City.read("city.yaml", CityFile.write(city))).isEqualTo(city);
    assertThat(city.regions().ancestor("99010300101", Level.COUNTY))
        .map(Region::code)
        .contains("990103");
    assertThatThrownBy(
            () -> DivisionFiles.grids("g.csv", "code,name,parent\n99010300101,格,990103002\n"))
        .hasMessage(
            "g.csv: grid code 99010300101 is not its street's code 990103002 and more digits");
    assertThatThrownBy(() -> DivisionFiles.grids("g.csv", "code,name,parent\n990103001,格,990103\n"))
        .hasMessage("g.csv: region code '990103001' is not a street's nine digits and more");
  }

  @Test
  void unreadableFilesAreRefusedByName() {
    assertThatThrownBy(() -> DivisionFiles.read(texts(DAY, "code;name\n")))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage("areas.csv: has no column code, only [code;name]");
    assertThatThrownBy(() -> DivisionFiles.read(texts(DAY, "code,name\n990103\n")))
        .hasMessage("areas.csv:2: has 1 fields, the header has 2");
    assertThatThrownBy(() -> DivisionFiles.read(texts(DAY, "code,name\n99010X,区\n")))
        .hasMessage("areas.csv: region code '99010X' is not six digits");
    assertThatThrownBy(() -> DivisionFiles.read(texts(LocalDate.of(2015, 1, 1), "code,name\n")))
        .hasMessage("a history is of 2015-10-01, the other files of 2015-01-01: state their day");
  }

  @ParameterizedTest
  @ValueSource(strings = {"630100", "630200", "110000", "330100", "441900", "500000"})
  void aRealCityIsWrittenAndReadBack(String code) throws IOException {
    Path folder = TestFiles.data("divisions");
    Assumptions.assumeTrue(Files.isDirectory(folder), "no division files at " + folder);
    Regions all = DivisionFiles.read(texts(folder));
    City city = CityFile.cut(all, code, true, List.of());
    assertThat(City.read("city.yaml", CityFile.write(city))).isEqualTo(city);
    assertThat(city.streets()).isNotEmpty();
    assertThat(RegionFile.read("all", RegionFile.write(all)).all()).hasSameSizeAs(all.all());
  }

  /** The texts of the shared test data. */
  static DivisionFiles.Texts texts(Path folder) throws IOException {
    List<String> histories = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("history"))) {
      for (Path file : files.toList()) {
        histories.add(Files.readString(file));
      }
    }
    return new DivisionFiles.Texts(
        LocalDate.of(2023, 6, 30),
        Files.readString(folder.resolve("provinces.csv")),
        Files.readString(folder.resolve("cities.csv")),
        Files.readString(folder.resolve("areas.csv")),
        Files.readString(folder.resolve("streets.csv")),
        histories);
  }
}
