package org.chengmai.indicators.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.Set;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.region.Region.Level;
import org.chengmai.indicators.region.Region.Tile;
import org.junit.jupiter.api.Test;

class RegionsTest {
  private static final LocalDate IN_2018 = LocalDate.of(2018, 10, 1);
  private static final LocalDate IN_2023 = LocalDate.of(2023, 6, 30);

  private final Regions xining = Regions.xining();

  @Test
  void xiningHasSevenDistrictsNowAndHadSevenThen() {
    assertThat(xining.children("630100", IN_2023))
        .extracting(Region::code)
        .containsExactly("630102", "630103", "630104", "630105", "630106", "630121", "630123");
    assertThat(xining.children("630100", IN_2018))
        .extracting(Region::code)
        .containsExactly("630102", "630103", "630104", "630105", "630121", "630123", "630122");
    assertThat(xining.at(Level.CITY, IN_2023))
        .extracting(r -> r.name().zh())
        .containsExactly("西宁市");
  }

  @Test
  void aFormerCodeMeetsItsSuccessorOnEitherSideOfTheChange() {
    assertThat(xining.isValid("630122", IN_2018)).isTrue();
    assertThat(xining.isValid("630122", IN_2023)).isFalse();
    assertThat(xining.isValid("630106", IN_2018)).isFalse();
    assertThat(xining.codeOn("630122", IN_2023)).contains("630106");
    assertThat(xining.codeOn("630106", IN_2018)).contains("630122");
    assertThat(xining.current("630122")).contains("630106");
    assertThat(xining.current("630102")).contains("630102");
    assertThat(xining.current("110101")).isEmpty();
  }

  @Test
  void ancestorsClimbToTheLevel() {
    assertThat(xining.ancestor("630121", Level.CITY)).map(Region::code).contains("630100");
    assertThat(xining.ancestor("630121", Level.COUNTY)).map(Region::code).contains("630121");
    assertThat(xining.ancestor("630121", Level.PROVINCE)).isEmpty();
  }

  @Test
  void theNearestRegionIsTheRegionItselfOrTheFirstAroundIt() {
    assertThat(xining.nearest("630121", Set.of("630121", "630100"))).contains("630121");
    assertThat(xining.nearest("630121", Set.of("630102", "630100"))).contains("630100");
    assertThat(xining.nearest("630122", Set.of("630100"))).contains("630100");
    assertThat(xining.nearest("630121", Set.of("630102"))).isEmpty();
    assertThat(xining.nearest("110101", Set.of("630100"))).isEmpty();
  }

  @Test
  void everyDistrictHasItsOwnTile() {
    assertThat(xining.children("630100", IN_2023))
        .extracting(Region::tile)
        .doesNotContainNull()
        .doesNotHaveDuplicates();
    assertThat(xining.find("630121")).map(Region::tile).contains(new Tile(2, 0));
  }

  @Test
  void aCityFileIsRefusedWithEveryProblem() {
    String yaml =
        """
        code: "630100"
        name: {zh: 西宁市, en: Xining}
        districts:
          - {code: "63010", name: {zh: 甲, en: A}}
          - {code: "630102", name: {zh: 乙, en: B}, tile: {column: 1}}
        """;
    assertThatThrownBy(() -> City.read("city.yaml", yaml))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage(
            """
            city.yaml:4: districts[0]: region code '63010' is not six digits
            city.yaml:5: districts[1].tile.row: is missing""");
  }

  @Test
  void aCityFileIsRefusedForADoubleCodeOrAnUnknownSuccessor() {
    String city = "code: \"630100\"\nname: {zh: 西宁市, en: Xining}\n";
    assertThatThrownBy(
            () ->
                City.read(
                    "c",
                    city
                        + "districts: [{code: \"630102\", name: {zh: a, en: a}}, {code: \"630102\", name: {zh: b, en: b}}]"))
        .hasMessage("c:1: region code 630102 is listed twice");
    assertThatThrownBy(
            () ->
                City.read(
                    "c",
                    city
                        + "former: [{code: \"630122\", name: {zh: a, en: a}, to: 2019-12-31, successor: \"630106\"}]"))
        .hasMessage("c:1: successor 630106 of 630122 is not listed");
  }
}
