package org.chengmai.indicators.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Places of a made-up province that are renamed, split and merged. */
class RegionChangesTest {
  private static final String HEAD = "990000 - - - 省\n990100 - - - 市\n";
  private static final LocalDate IN_2005 = LocalDate.of(2005, 6, 1);
  private static final LocalDate IN_2015 = LocalDate.of(2015, 6, 1);
  private static final LocalDate IN_2025 = LocalDate.of(2025, 6, 1);

  private static Regions regions(String... lines) {
    return RegionFile.read("regions.txt", HEAD + String.join("\n", lines));
  }

  @Test
  void yearOnYearMeetsAcrossARenamedCode() {
    Regions xining = Regions.xining();
    Comparison comparison =
        xining.comparable("630106", LocalDate.of(2019, 6, 30), LocalDate.of(2020, 6, 30));
    assertThat(comparison.isPossible()).isTrue();
    assertThat(comparison.isEstimate()).isFalse();
    double before = comparison.firstValue(Map.of("630122", 200.0, "630102", 7.0)).orElseThrow();
    double after = comparison.secondValue(Map.of("630106", 230.0, "630102", 8.0)).orElseThrow();
    assertThat(after / before - 1).isEqualTo(0.15, within(1e-12));
    assertThat(xining.comparable("630122", LocalDate.of(2019, 6, 30), LocalDate.of(2020, 6, 30)))
        .isEqualTo(comparison);
    assertThat(xining.predecessors("630106")).extracting(Region::code).containsExactly("630122");
  }

  @Test
  void aMissingValueLeavesTheSumEmpty() {
    Comparison comparison = Regions.xining().comparable("630106", IN_2005, IN_2025);
    assertThat(comparison.firstValue(Map.of("630106", 1.0))).isEmpty();
  }

  @Test
  void whatWasMergedIsTheSumOfItsParts() {
    Regions regions =
        regions(
            "990101 2010-01-01 - - 合区",
            "990121 - 2009-12-31 990101 甲县",
            "990122 - 2009-12-31 990101 乙县");
    assertThat(regions.codesOn("990101", IN_2005)).containsExactly("990121", "990122");
    assertThat(regions.codeOn("990101", IN_2005)).isEmpty();
    assertThat(regions.codeOn("990121", IN_2015)).contains("990101");
    Comparison comparison = regions.comparable("990101", IN_2005, IN_2015);
    assertThat(comparison.firstValue(Map.of("990121", 3.0, "990122", 4.0))).hasValue(7);
    assertThat(comparison.secondValue(Map.of("990101", 8.0))).hasValue(8);
    assertThat(comparison.isEstimate()).isFalse();
  }

  @Test
  void aPartOfAMergerCannotBeFollowed() {
    Regions regions =
        regions(
            "990101 2010-01-01 - - 合区",
            "990121 - 2009-12-31 990101 甲县",
            "990122 - 2009-12-31 990101 乙县");
    Comparison comparison = regions.comparable("990121", IN_2005, IN_2015);
    assertThat(comparison.isPossible()).isFalse();
    assertThat(comparison.reasons().zh()).containsExactly("990121甲县已与990122乙县合并为990101合区");
    assertThat(comparison.reasons().en())
        .containsExactly("990121 甲县 was merged with 990122 乙县 into 990101 合区");
  }

  @Test
  void aPlaceThatTookAnotherInCountsBothBefore() {
    Regions regions = regions("990102 - - - 上区", "990104 - 2009-12-31 990102 干区");
    assertThat(regions.codesOn("990102", IN_2005)).containsExactly("990102");
    assertThat(regions.comparable("990102", IN_2005, IN_2015).first())
        .isEqualTo(Map.of("990102", 1.0, "990104", 1.0));
    assertThat(regions.comparable("990104", IN_2005, IN_2015).isPossible()).isFalse();
    assertThat(regions.comparable("990102", IN_2015, IN_2025).first())
        .isEqualTo(Map.of("990102", 1.0));
  }

  @Test
  void changesBeforeOrAfterBothDaysDoNotMatter() {
    Regions regions =
        regions(
            "990101 2010-01-01 - - 东区",
            "990102 2010-01-01 - - 西区",
            "990121 - 2009-12-31 990101,990102 原县",
            "990104 - 2019-12-31 990101 干区");
    assertThat(regions.comparable("990101", IN_2015.minusYears(1), IN_2015).first())
        .isEqualTo(Map.of("990101", 1.0));
    assertThat(regions.comparable("990101", IN_2025, IN_2025.plusYears(1)).first())
        .isEqualTo(Map.of("990101", 1.0));
    assertThat(regions.comparable("990101", IN_2015, IN_2025).first())
        .isEqualTo(Map.of("990101", 1.0, "990104", 1.0));
  }

  @Test
  void theOrderOfTheDaysIsTheOrderOfTheAnswer() {
    Comparison comparison = Regions.xining().comparable("630106", IN_2025, IN_2015);
    assertThat(comparison.first()).isEqualTo(Map.of("630106", 1.0));
    assertThat(comparison.second()).isEqualTo(Map.of("630122", 1.0));
  }

  @Test
  void whatWasSplitIsTheSumOfItsSuccessors() {
    Regions regions =
        regions(
            "990101 2010-01-01 - - 东区",
            "990102 2010-01-01 - - 西区",
            "990121 - 2009-12-31 990101,990102 原县");
    assertThat(regions.codesOn("990121", IN_2015)).containsExactly("990101", "990102");
    assertThat(regions.codeOn("990121", IN_2015)).isEmpty();
    assertThat(regions.codeOn("990101", IN_2005)).contains("990121");
    Comparison comparison = regions.comparable("990121", IN_2005, IN_2015);
    assertThat(comparison.firstValue(Map.of("990121", 10.0))).hasValue(10);
    assertThat(comparison.secondValue(Map.of("990101", 6.0, "990102", 5.0))).hasValue(11);
    assertThat(comparison.isEstimate()).isFalse();
  }

  @Test
  void aPartOfASplitNeedsAShareAndIsAnEstimate() {
    Comparison without =
        regions(
                "990101 2010-01-01 - - 东区",
                "990102 2010-01-01 - - 西区",
                "990121 - 2009-12-31 990101,990102 原县")
            .comparable("990101", IN_2005, IN_2015);
    assertThat(without.isPossible()).isFalse();
    assertThat(without.firstValue(Map.of("990121", 10.0))).isEmpty();
    assertThat(without.reasons().en())
        .containsExactly(
            "990121 原县 was split into 990101 东区, 990102 西区 and the shares are not known");
    Comparison with =
        regions(
                "990101 2010-01-01 - - 东区",
                "990102 2010-01-01 - - 西区",
                "990121 - 2009-12-31 990101=0.6,990102=0.4 原县")
            .comparable("990101", IN_2005, IN_2015);
    assertThat(with.firstValue(Map.of("990121", 10.0))).hasValue(6);
    assertThat(with.isEstimate()).isTrue();
  }

  @Test
  void aCodeMayGoOnWithASmallerArea() {
    Regions regions =
        regions(
            "990110 - 2009-12-31 990110=0.7,990113=0.3 余区",
            "990110 2010-01-01 - - 余区",
            "990113 2010-01-01 - - 临区");
    assertThat(regions.find("990110", IN_2005))
        .map(Region::to)
        .contains(LocalDate.of(2009, 12, 31));
    assertThat(regions.find("990110")).map(Region::from).contains(LocalDate.of(2010, 1, 1));
    assertThat(regions.comparable("990110", IN_2005, IN_2015).first())
        .isEqualTo(Map.of("990110", 0.7));
    assertThat(regions.codeOn("990113", IN_2005)).contains("990110");
    assertThat(regions.children("990100", IN_2005)).hasSize(1);
  }

  @Test
  void aChainOfChangesIsFollowedBothWays() {
    Regions regions =
        regions(
            "990101 2020-01-01 - - 新区",
            "990121 2010-01-01 2019-12-31 990101 中县",
            "990122 - 2009-12-31 990121 旧县");
    assertThat(regions.codeOn("990122", IN_2025)).contains("990101");
    assertThat(regions.codeOn("990101", IN_2005)).contains("990122");
    assertThat(regions.codeOn("990121", IN_2005)).contains("990122");
    assertThat(regions.current("990122")).contains("990101");
    for (String code : List.of("990101", "990121", "990122")) {
      Comparison comparison = regions.comparable(code, IN_2005, IN_2025);
      assertThat(comparison.first()).as(code).isEqualTo(Map.of("990122", 1.0));
      assertThat(comparison.second()).as(code).isEqualTo(Map.of("990101", 1.0));
    }
  }

  @Test
  void whatWasSplitAndMergedAgainNeedsNoShares() {
    Regions regions =
        regions(
            "990101 2020-01-01 - - 全区",
            "990102 2010-01-01 2019-12-31 990101 东区",
            "990103 2010-01-01 2019-12-31 990101 西区",
            "990121 - 2009-12-31 990102,990103 原县");
    assertThat(regions.comparable("990101", IN_2005, IN_2025).first())
        .isEqualTo(Map.of("990121", 1.0));
    assertThat(regions.comparable("990102", IN_2005, IN_2015).isPossible()).isFalse();
  }

  @Test
  void unknownPastsAndFuturesAreSaid() {
    Regions regions =
        regions(
            "990101 2010-01-01 - - 新区",
            "990121 - 2009-12-31 - 没县",
            "990122 - 2009-12-31 990102,990123 分县",
            "990102 2010-01-01 - - 东区",
            "990123 2010-01-01 2019-12-31 - 西县");
    assertThat(regions.comparable("990101", IN_2005, IN_2015).reasons().en())
        .containsExactly("990101 新区 began on 2010-01-01 and what it was before is not known");
    assertThat(regions.comparable("990121", IN_2005, IN_2015).reasons().zh())
        .containsExactly("990121没县有效至2009-12-31，此后的代码未知");
    assertThat(regions.comparable("990122", IN_2005, IN_2025).reasons().en())
        .containsExactly("990123 西县 ended on 2019-12-31 and what it became is not known");
    assertThat(regions.comparable("990199", IN_2005, IN_2015).reasons().zh())
        .containsExactly("未知区划代码990199");
    assertThat(regions.codesOn("990122", IN_2025)).isEmpty();
    assertThat(regions.codesOn("990199", IN_2025)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "990101 - - - 甲|990101 2010-01-01 - - 乙; region code 990101 is listed twice",
        "990101 - 2009-12-31 990102 甲; successor 990102 of 990101 is not listed",
        "990101 - 2009-12-31 990102 甲|990102 - 2009-12-31 - 乙; successor 990102 of 990101 ended no later than it",
        "990101 - 2009-12-31 990102=0.6,990103=0.6 甲; regions.txt:3: shares of the successors of 990101 add up to 1.2: state all of them, together 1, or none",
        "990101 - 2009-12-31 990102=1,990103 甲; regions.txt:3: shares of the successors of 990101 add up to 1.0: state all of them, together 1, or none",
        "990101 - 2009-12-31 990102=0,990103=1 甲; regions.txt:3: share 0.0 of 990102 in 990101 is not above 0",
        "990101 - 2009-12-31 990102,990102 甲; regions.txt:3: region 990101 names its successor 990102 twice",
        "990101 - - 990102 甲; regions.txt:3: region 990101 has a successor and no last day: state to",
        "990101 2010-01-01 2009-12-31 - 甲; regions.txt:3: region 990101 ends on 2009-12-31 before it begins on 2010-01-01",
        "980101 - - - 甲; regions.txt:3: no line above is its parent 980100",
        "99010 - - - 甲; regions.txt:3: region code '99010' is not six digits",
        "990101 - - 甲; regions.txt:3: expected CODE FROM TO SUCCESSORS NAME",
        "990101 - 2009-13-31 - 甲; regions.txt:3: Text '2009-13-31' could not be parsed: Invalid value for MonthOfYear (valid values 1 - 12): 13"
      })
  void contradictionsAreRefused(String lines, String message) {
    assertThatThrownBy(() -> regions(lines.split("\\|")))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage(message);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingIsLostOrCountedTwiceByManyChanges(long seed) {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    Map<String, LocalDate> open = new HashMap<>();
    for (int i = 0; i < 5; i++) {
      open.put("9901%02d".formatted(i + 1), LocalDate.MIN);
    }
    int next = 6;
    for (int year = 2001; year <= 2020; year++) {
      LocalDate day = LocalDate.of(year, 1, 1);
      List<String> codes = open.keySet().stream().sorted().toList();
      List<String> ended = new ArrayList<>(List.of(codes.get(random.nextInt(codes.size()))));
      String successors = "9901%02d".formatted(next);
      if (random.nextBoolean() && codes.size() > 2) {
        String other = codes.get(random.nextInt(codes.size()));
        if (!ended.contains(other)) {
          ended.add(other);
        }
      } else if (random.nextBoolean()) {
        successors = "%s=0.25,9901%02d=0.75".formatted(successors, next + 1);
      }
      for (String code : ended) {
        LocalDate from = open.remove(code);
        lines.add(
            "%s %s %s %s 某县"
                .formatted(
                    code, from.equals(LocalDate.MIN) ? "-" : from, day.minusDays(1), successors));
      }
      for (String successor : successors.split(",")) {
        open.put(successor.substring(0, 6), day);
        next++;
      }
    }
    open.forEach(
        (code, from) ->
            lines.add("%s %s - - 某县".formatted(code, from.equals(LocalDate.MIN) ? "-" : from)));
    Regions regions = regions(lines.toArray(String[]::new));
    LocalDate first = LocalDate.of(2000, 6, 1);
    Map<String, Double> counted = new HashMap<>();
    for (Region today : regions.children("990100", IN_2025)) {
      Comparison comparison = regions.comparable(today.code(), first, IN_2025);
      assertThat(comparison.isPossible()).isTrue();
      comparison.first().forEach((code, weight) -> counted.merge(code, weight, Double::sum));
    }
    assertThat(counted.keySet())
        .containsExactlyInAnyOrderElementsOf(
            regions.children("990100", first).stream().map(Region::code).toList());
    assertThat(counted.values()).allSatisfy(sum -> assertThat(sum).isEqualTo(1, within(1e-9)));
  }
}
