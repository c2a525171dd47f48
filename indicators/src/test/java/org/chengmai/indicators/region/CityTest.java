package org.chengmai.indicators.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chengmai.indicators.region.Region.Level;
import org.chengmai.indicators.region.Region.Name;
import org.junit.jupiter.api.Test;

class CityTest {
  private static final LocalDate IN_2018 = LocalDate.of(2018, 10, 1);
  private static final LocalDate IN_2023 = LocalDate.of(2023, 6, 30);

  private final City city =
      City.read(
          "city.yaml",
          """
          code: "630100"
          name: {zh: 西宁市, en: Xining}
          districts:
            - {code: "630102", name: {zh: 城东区, en: Chengdong}}
            - {code: "630106", name: {zh: 湟中区, en: Huangzhong}, from: 2020-01-01}
          streets:
            - {code: "630102001", name: {zh: 东关大街街道}}
            - {code: "630106102", name: {zh: 鲁沙尔镇}}
          grids:
            - {code: "63010200101", name: {zh: 一格}}
            - {code: "63010200102", name: {zh: 二格}, from: 2022-01-01}
            - {code: "63010610207", name: {zh: 七格}}
          former:
            - {code: "630122", name: {zh: 湟中县}, to: 2019-12-31, successor: "630106"}
            - {code: "630122102", name: {zh: 鲁沙尔镇}, to: 2019-12-31, successor: "630106102"}
            - code: "63010200109"
              name: {zh: 大格}
              to: 2021-12-31
              successors: [{code: "63010200101", share: 0.4}, {code: "63010200102", share: 0.6}]
          """);
  private final Regions regions = city.regions();

  @Test
  void cellsRollUpToTheCity() {
    Map<String, Double> values = Map.of("63010200101", 1.0, "63010200102", 2.0, "63010610207", 4.0);
    Map<Level, Map<String, Double>> sums = new HashMap<>();
    for (Level level : List.of(Level.STREET, Level.COUNTY, Level.CITY)) {
      values.forEach(
          (code, value) ->
              sums.computeIfAbsent(level, l -> new HashMap<>())
                  .merge(regions.ancestor(code, level).orElseThrow().code(), value, Double::sum));
    }
    assertThat(sums)
        .containsEntry(Level.STREET, Map.of("630102001", 3.0, "630106102", 4.0))
        .containsEntry(Level.COUNTY, Map.of("630102", 3.0, "630106", 4.0))
        .containsEntry(Level.CITY, Map.of("630100", 7.0));
  }

  @Test
  void aStreetAndItsCellsAreAsOldAsTheirDistrict() {
    assertThat(regions.isValid("63010610207", IN_2018)).isFalse();
    assertThat(regions.isValid("630106102", IN_2023)).isTrue();
    assertThat(regions.at(Level.STREET, IN_2018))
        .extracting(Region::code)
        .containsExactly("630102001", "630122102");
    assertThat(regions.children("630122", IN_2018))
        .extracting(Region::code)
        .containsExactly("630122102");
    assertThat(regions.codeOn("630122102", IN_2023)).contains("630106102");
    assertThat(regions.comparable("63010200102", IN_2018, IN_2023).first())
        .isEqualTo(Map.of("63010200109", 0.6));
  }

  @Test
  void aFileOfMoreThanThreeMillionCharactersIsRead() {
    String yaml = "code: \"630100\" #%s\nname: {zh: 西宁市}\n".formatted("x".repeat(3_200_000));
    assertThat(City.read("c", yaml).districts()).isEmpty();
  }

  @Test
  void whatHasNoEnglishNameShowsTheChineseOne() {
    assertThat(regions.find("630102001").orElseThrow().name().en()).isEqualTo("东关大街街道");
  }

  @Test
  void placesBelowTheDistrictAreRefusedWithTheirLine() {
    assertThatThrownBy(
            () ->
                City.read(
                    "c",
                    """
                    code: "630100"
                    name: {zh: 西宁市}
                    streets:
                      - {code: "630102", name: {zh: 街}}
                    grids:
                      - {code: "630102001", name: {zh: 格}}
                    former:
                      - {code: "630122", name: {zh: 县}, to: 2019-12-31, successor: "1", successors: [{code: "2"}]}
                    """))
        .hasMessage(
            """
            c:4: streets[0]: region code '630102' is not nine digits
            c:6: grids[0]: region code '630102001' is not a street's nine digits and more
            c:8: former[0]: region 630122 has both successor and successors: leave one out""");
    assertThatThrownBy(
            () ->
                new City(
                    "630100",
                    new Name("西宁市", null),
                    List.of(),
                    List.of(new City.Street("630102001", new Name("街", null), null)),
                    List.of(),
                    List.of()))
        .hasMessage("parent 630102 of 630102001 is not listed");
  }

  @Test
  void aCityStatesItsHeatingSeasonAndSchoolTerms() {
    String yaml =
        """
        code: "630100"
        name: {zh: 西宁市}
        districts:
          - {code: "630102", name: {zh: 城东区}}
        calendar:
          heating: {first: "11-01", last: "03-31"}
          school: [{first: 2026-03-02, last: 2026-07-10}]
        """;
    City city = City.read("c", yaml);
    assertThat(city.calendars().heating().includes(LocalDate.of(2026, 10, 31))).isFalse();
    assertThat(city.calendars().school().includes(LocalDate.of(2026, 3, 2))).isTrue();
    assertThat(City.read("c", CityFile.write(city))).isEqualTo(city);
    assertThatThrownBy(() -> City.read("c", yaml.replace("11-01", "31.12.")))
        .hasMessageContaining("calendar.heating: '31.12.' is not a day of the year such as 10-15");
  }
}
