package org.chengmai.engine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.models.matrix.CityMatrix;

/**
 * Columns of a public CSV file as a city matrix; a cell that is no number is missing.
 *
 * @param first the first column taken, from 0
 * @param most columns taken
 * @param newest rows taken, from the end
 */
record MatrixSet(
    String name, String file, Duration grain, int season, int first, int most, int newest) {

  static final List<MatrixSet> ALL =
      List.of(
          new MatrixSet(
              "hangzhou-metro",
              "hangzhou-metro/inflow_10min.csv",
              Duration.ofMinutes(10),
              7 * 108,
              1,
              80,
              Integer.MAX_VALUE),
          new MatrixSet(
              "road-speed",
              "road-speed/speed_5min.csv",
              Duration.ofMinutes(5),
              288,
              0,
              64,
              Integer.MAX_VALUE),
          new MatrixSet(
              "ETTh1", "power-transformer/ETTh1.csv", Duration.ofHours(1), 24, 1, 7, 10_000),
          new MatrixSet(
              "beijing-air",
              "beijing-air/PRSA_Data_Dongsi.csv",
              Duration.ofHours(1),
              24,
              5,
              10,
              10_000));

  /** Reads the file; NOT_FOUND when it is absent. */
  CityMatrix read(Path folder) {
    Path path = folder.resolve(file);
    List<String> lines;
    try {
      lines = Files.readAllLines(path);
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND,
          "%s is not there: name the folder of the public data sets with --data; examples/real/README.md says where each comes from"
              .formatted(path),
          e);
    }
    String[] header = lines.get(0).replace("\"", "").split(",");
    int last = Math.min(header.length, first + most);
    double[][] values =
        lines.subList(Math.max(1, lines.size() - newest), lines.size()).stream()
            .map(line -> line.split(","))
            .map(cells -> IntStream.range(first, last).mapToDouble(i -> number(cells[i])).toArray())
            .toArray(double[][]::new);
    return new CityMatrix(name, Arrays.asList(header).subList(first, last), season, values);
  }

  private static double number(String cell) {
    return cell.isEmpty() || cell.equals("NA") ? Double.NaN : Double.parseDouble(cell);
  }
}
