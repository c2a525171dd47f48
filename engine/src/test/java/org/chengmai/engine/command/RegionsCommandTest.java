package org.chengmai.engine.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.region.City;
import org.chengmai.indicators.region.RegionFile;
import org.chengmai.indicators.region.Regions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RegionsCommandTest {
  @TempDir private Path folder = Path.of("");

  private static String output(String... arguments) {
    RegionsCommand command = new RegionsCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.output();
  }

  @Test
  void withoutFilesTheShippedTreeIsPrinted() {
    assertThat(RegionFile.read("all", output()).all())
        .containsExactlyInAnyOrderElementsOf(Regions.qinghai().all());
    City xining = City.read("city.yaml", output("--city", "630100"));
    assertThat(xining.districts()).hasSize(7);
    assertThat(xining.streets()).isEmpty();
    assertThat(xining.regions().current("630122")).contains("630106");
    assertThat(City.read("city.yaml", output("--city", "630100", "--streets")).streets())
        .hasSize(80);
  }

  @Test
  void aCityComesOutOfAFolderOfFiles() throws IOException {
    Files.writeString(folder.resolve("provinces.csv"), "code,name\n99,某省\n");
    Files.writeString(folder.resolve("cities.csv"), "code,name\n9901,江市\n");
    Files.writeString(folder.resolve("areas.csv"), "code,name\n990103,湖中区\n");
    Files.writeString(folder.resolve("streets.csv"), "code,name\n990103001,桥街道\n");
    Files.createDirectory(folder.resolve("history"));
    Files.writeString(
        folder.resolve("history/201010.tsv"),
        """
        Source\tRevision\tCode\tName
        stats\t201010\t990000\t某省
        stats\t201010\t990100\t江市
        stats\t201010\t990121\t湖中县
        stats\t201010\t990122\t老县
        """);
    Path grid = folder.resolve("grid.csv");
    Files.writeString(grid, "code,name,parent\n9901030010001,一格,990103001\n");
    String yaml =
        output(
            "--divisions=" + folder,
            "--day=2024-12-31",
            "--city=990100",
            "--streets",
            "--grids=" + grid);
    assertThat(yaml)
        .isEqualTo(
            """
            # Made by ./chengmai regions; days of changes, English names and tiles want a look.
            # What these became is not in the files, add their successors: 990122
            code: "990100"
            name: {zh: 江市}
            districts:
              - {code: "990103", name: {zh: 湖中区}, from: 2024-12-31, tile: {column: 0, row: 0}}
            streets:
              - {code: "990103001", name: {zh: 桥街道}}
            grids:
              - {code: "9901030010001", name: {zh: 一格}}
            former:
              - {code: "990121", name: {zh: 湖中县}, to: 2024-12-30, successor: "990103"}
              - {code: "990122", name: {zh: 老县}, to: 2024-12-30}
            """);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> output("--divisions=" + folder, "--city=990100"))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining(folder.resolve("provinces.csv") + " cannot be read as UTF-8");
    assertThatThrownBy(() -> output("--grids=grid.csv", "--city=630100"))
        .hasMessage("--grids needs --city and --streets, which hold the cells");
  }
}
