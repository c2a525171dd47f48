package org.chengmai.indicators.region;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeSet;
import org.chengmai.indicators.TestFiles;
import org.chengmai.indicators.region.Region.Level;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class QinghaiTest {
  private static final LocalDate IN_2002 = LocalDate.of(2002, 12, 31);
  private static final LocalDate IN_2023 = LocalDate.of(2023, 6, 30);

  private final Regions qinghai = Regions.qinghai();

  @Test
  void theTreeIsConsistentOnEveryDayOnWhichItChanges() {
    TreeSet<LocalDate> days = new TreeSet<>(List.of(LocalDate.MIN, LocalDate.MAX));
    for (Region region : qinghai.all()) {
      if (region.from() != null) {
        days.add(region.from());
      }
      if (region.to() != null) {
        days.add(region.to());
      }
    }
    assertThat(days).hasSizeGreaterThan(6);
    for (LocalDate day : days) {
      for (Region region : qinghai.all()) {
        if (region.parent() == null) {
          assertThat(region.code()).isEqualTo("630000");
        } else if (region.isValidOn(day)) {
          assertThat(qinghai.isValid(region.parent(), day))
              .as("%s above %s on %s", region.parent(), region.code(), day)
              .isTrue();
        }
      }
      long districts = qinghai.at(Level.COUNTY, day).size();
      assertThat(
              qinghai.at(Level.CITY, day).stream()
                  .mapToLong(city -> qinghai.children(city.code(), day).size())
                  .sum())
          .isEqualTo(districts);
    }
  }

  @Test
  void everyCountyOf2002IsKnownUnderACodeOf2023() {
    assertThat(qinghai.at(Level.COUNTY, IN_2002)).hasSize(43);
    for (Region county : qinghai.at(Level.COUNTY, IN_2002)) {
      assertThat(qinghai.codeOn(county.code(), IN_2023)).as(county.code()).isPresent();
      assertThat(qinghai.comparable(county.code(), IN_2002, IN_2023).isPossible())
          .as(county.code())
          .isTrue();
    }
    assertThat(qinghai.codeOn("632100", IN_2023)).contains("630200");
    assertThat(qinghai.codeOn("632123", IN_2023)).contains("630202");
    assertThat(qinghai.codeOn("630106", IN_2002)).contains("630122");
    assertThat(qinghai.comparable("632803", IN_2002, IN_2023).reasons().en())
        .containsExactly("632803 Mangnai began on 2018-10-01 and what it was before is not known");
  }

  @Test
  void huangzhongChangesOnTheDayOfTheDemosCity() {
    assertThat(qinghai.find("630106").orElseThrow().from())
        .isEqualTo(Regions.xining().find("630106").orElseThrow().from());
  }

  @Test
  void eightyStreetsLieInXining() {
    assertThat(qinghai.at(Level.STREET, IN_2023))
        .hasSize(80)
        .allSatisfy(
            street ->
                assertThat(qinghai.ancestor(street.code(), Level.CITY))
                    .map(Region::code)
                    .contains("630100"));
    assertThat(qinghai.find("630106102")).map(r -> r.name().zh()).contains("鲁沙尔镇");
  }

  @Test
  void theShippedTreeIsThatOfTheDivisionFiles() throws IOException {
    Path folder = TestFiles.data("divisions");
    Assumptions.assumeTrue(Files.isDirectory(folder), "no division files at " + folder);
    Regions read = DivisionFiles.read(DivisionFilesTest.texts(folder));
    assertThat(lines(qinghai))
        .containsExactlyElementsOf(
            lines(read).stream()
                .filter(line -> line.matches("63\\d{4} .*|6301\\d{5} .*"))
                // the one day that does not follow the rule
                .map(
                    line ->
                        line.matches("63010.*") ? line.replace("2023-06-30", "2020-01-01") : line)
                .map(line -> line.replace("630122 - 2023-06-29", "630122 - 2019-12-31"))
                .toList());
  }

  private static List<String> lines(Regions regions) {
    return RegionFile.write(regions).lines().map(line -> line.replaceAll(" / .*", "")).toList();
  }
}
