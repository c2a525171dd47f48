package org.chengmai.engine.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.region.City;
import org.chengmai.indicators.region.City.Grid;
import org.chengmai.indicators.region.CityFile;
import org.chengmai.indicators.region.DivisionFiles;
import org.chengmai.indicators.region.RegionFile;
import org.chengmai.indicators.region.Regions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a city's file, or a file of all regions, of public files of division codes. */
@Command(
    name = "regions",
    description =
        "Print city.yaml of a city, or all regions, from public files of division codes, with former codes.",
    mixinStandardHelpOptions = true,
    footer = {"", "docs/indicators/regions.md describes the files."})
final class RegionsCommand implements Runnable {
  @Option(
      names = "--divisions",
      paramLabel = "DIR",
      description =
          "Folder with provinces.csv, cities.csv, areas.csv, streets.csv and history/*.tsv; default: the shipped"
              + " tree of Qinghai.")
  private @Nullable Path divisions;

  @Option(
      names = "--day",
      defaultValue = "2023-06-30",
      description = "Day of which the CSV files are; default ${DEFAULT-VALUE}.")
  private LocalDate day = LocalDate.of(2023, 6, 30);

  @Option(
      names = "--city",
      paramLabel = "CODE",
      description = "Six digits, as 630100, or a municipality's, as 110000; default: all regions.")
  private @Nullable String code;

  @Option(names = "--streets", description = "List the streets, too.")
  private boolean withStreets;

  @Option(
      names = "--grids",
      paramLabel = "FILE",
      description = "CSV code,name,parent of the city's grid; needs --city and --streets.")
  private @Nullable Path grids;

  @Override
  public void run() {
    System.out.print(output());
  }

  String output() {
    if (grids != null && (code == null || !withStreets)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "--grids needs --city and --streets, which hold the cells");
    }
    Path folder = divisions;
    Regions regions = folder == null ? Regions.qinghai() : read(folder);
    String city = code;
    if (city == null) {
      return "# All regions; docs/indicators/regions.md describes the form.\n"
          + RegionFile.write(regions);
    }
    City cut = CityFile.cut(regions, city, withStreets, cells());
    List<String> ends =
        cut.former().stream()
            .filter(former -> former.successor() == null && former.successors().isEmpty())
            .map(City.Former::code)
            .toList();
    return "# Made by ./chengmai regions; days of changes, English names and tiles want a look.\n"
        + (ends.isEmpty()
            ? ""
            : "# What these became is not in the files, add their successors: %s\n"
                .formatted(String.join(", ", ends)))
        + CityFile.write(cut);
  }

  private Regions read(Path folder) {
    List<String> histories = new ArrayList<>();
    Path history = folder.resolve("history");
    if (Files.isDirectory(history)) {
      try (Stream<Path> files = Files.list(history)) {
        files
            .filter(file -> file.toString().endsWith(".tsv"))
            .sorted()
            .map(RegionsCommand::text)
            .forEach(histories::add);
      } catch (IOException e) {
        throw unreadable(history, e);
      }
    }
    boolean isAll = code == null || withStreets;
    return DivisionFiles.read(
        new DivisionFiles.Texts(
            day,
            text(folder.resolve("provinces.csv")),
            text(folder.resolve("cities.csv")),
            text(folder.resolve("areas.csv")),
            isAll ? text(folder.resolve("streets.csv")) : "",
            histories));
  }

  private List<Grid> cells() {
    Path file = grids;
    return file == null ? List.of() : DivisionFiles.grids(file.toString(), text(file));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static ChengmaiException unreadable(Path file, IOException cause) {
    return new ChengmaiException(
        ErrorCode.NOT_FOUND, "%s cannot be read as UTF-8: %s".formatted(file, cause), cause);
  }
}
