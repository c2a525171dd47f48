package org.chengmai.engine.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Series;
import org.jspecify.annotations.Nullable;

/**
 * One public data set as series and observations. Stamps without a zone are read as Asia/Shanghai,
 * whatever city they come from, so that a day of the data is a day of the engine; gaps stay gaps.
 *
 * @param name names the set in the report
 * @param origin where to get it, shown when the file is absent
 */
record DataSet(String name, String file, String origin, Reader reader) {
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  /** What a data set holds. */
  record Content(List<Series> series, List<Observation> observations) {}

  /** Reads the file of a data set. */
  interface Reader {
    Content read(BufferedReader lines) throws IOException;
  }

  static final List<DataSet> ALL =
      List.of(
          new DataSet(
              "Beijing air, Dongsi 2013-2017",
              "beijing-air/PRSA_Data_Dongsi.csv",
              "UCI Machine Learning Repository, Beijing Multi-Site Air-Quality Data",
              DataSet::beijingAir),
          new DataSet(
              "Hangzhou metro, January 2019",
              "hangzhou-metro/inflow_10min.csv",
              "project transdim on GitHub, Hangzhou metro passenger flow",
              lines -> wide(lines, "hangzhou.inflow", "330100", "persons", 0, 100_000)),
          new DataSet(
              "Los Angeles road speed, March 2012",
              "road-speed/speed_5min.csv",
              "METR-LA, projects DCRNN and T-GCN on GitHub",
              DataSet::roadSpeed),
          new DataSet(
              "Transformer in a Chinese county, 2016-2018",
              "power-transformer/ETTh1.csv",
              "project ETDataset on GitHub",
              DataSet::transformer),
          nab("realKnownCause/nyc_taxi", "nyc.taxi", "840036"),
          nab("realTraffic/TravelTime_387", "nab.travel_time_387", "840027"),
          nab("realTraffic/TravelTime_451", "nab.travel_time_451", "840027"),
          nab("realTraffic/occupancy_6005", "nab.occupancy_6005", "840027"),
          nab("realTraffic/occupancy_t4013", "nab.occupancy_t4013", "840027"),
          nab("realTraffic/speed_6005", "nab.speed_6005", "840027"),
          nab("realTraffic/speed_7578", "nab.speed_7578", "840027"),
          nab("realTraffic/speed_t4013", "nab.speed_t4013", "840027"));

  Content read(Path folder) {
    Path path = folder.resolve(file);
    try (BufferedReader lines = Files.newBufferedReader(path)) {
      return reader.read(lines);
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND,
          "%s is not at %s; it can be had from: %s".formatted(name, path, origin),
          e);
    }
  }

  /** The file's key in NAB's label files, null for other sets. */
  @Nullable String labels() {
    return file.startsWith("nab/data/") ? file.substring("nab/data/".length()) : null;
  }

  private static DataSet nab(String file, String series, String region) {
    return new DataSet(
        "NAB " + file,
        "nab/data/" + file + ".csv",
        "Numenta Anomaly Benchmark on GitHub",
        lines -> {
          List<Observation> observations = new ArrayList<>();
          Set<Instant> seen = new HashSet<>();
          lines.readLine();
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] cells = line.split(",");
            Instant time = LocalDateTime.parse(cells[0].replace(' ', 'T')).atZone(ZONE).toInstant();
            // Some files repeat a stamp: two events of one instant, told apart by their line.
            String id = seen.add(time) ? null : "line-" + observations.size();
            observations.add(new Observation(series, time, Double.parseDouble(cells[1]), time, id));
          }
          return new Content(
              List.of(new Series(series, series, region, "1", 0, Double.POSITIVE_INFINITY)),
              observations);
        });
  }

  private static Content beijingAir(BufferedReader lines) throws IOException {
    String[] header = lines.readLine().replace("\"", "").split(",");
    Map<Integer, String> columns = new LinkedHashMap<>();
    for (int i = 5; i <= 14; i++) {
      columns.put(i, "beijing." + header[i].toLowerCase(Locale.ROOT).replace(".", ""));
    }
    List<Series> series =
        columns.values().stream()
            .map(id -> new Series(id, id, "110101", "1", -200, 10_000))
            .toList();
    List<Observation> observations = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] cells = line.split(",");
      Instant time =
          LocalDateTime.of(
                  Integer.parseInt(cells[1]),
                  Integer.parseInt(cells[2]),
                  Integer.parseInt(cells[3]),
                  Integer.parseInt(cells[4]),
                  0)
              .atZone(ZONE)
              .toInstant();
      columns.forEach(
          (column, id) -> {
            if (!cells[column].equals("NA")) {
              observations.add(
                  new Observation(id, time, Double.parseDouble(cells[column]), time, null));
            }
          });
    }
    return new Content(series, observations);
  }

  private static Content wide(
      BufferedReader lines, String measure, String region, String unit, double min, double max)
      throws IOException {
    String[] header = lines.readLine().split(",");
    List<Series> series = new ArrayList<>();
    for (int i = 1; i < header.length; i++) {
      series.add(new Series(measure + "." + header[i], measure, region, unit, min, max));
    }
    List<Observation> observations = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] cells = line.split(",");
      Instant time = LocalDateTime.parse(cells[0].replace(' ', 'T')).atZone(ZONE).toInstant();
      for (int i = 1; i < cells.length; i++) {
        if (!cells[i].isBlank()) {
          observations.add(
              new Observation(
                  series.get(i - 1).id(), time, Double.parseDouble(cells[i]), time, null));
        }
      }
    }
    return new Content(series, observations);
  }

  /** The loads are those that its publisher calls useful: high, middle and low. */
  private static Content transformer(BufferedReader lines) throws IOException {
    Map<Integer, Series> columns = new LinkedHashMap<>();
    columns.put(1, new Series("ett.load.high", "ett.load", "990001", "1", -1000, 1000));
    columns.put(3, new Series("ett.load.middle", "ett.load", "990001", "1", -1000, 1000));
    columns.put(5, new Series("ett.load.low", "ett.load", "990001", "1", -1000, 1000));
    columns.put(7, new Series("ett.oil_temp", "ett.oil_temp", "990001", "C", -50, 150));
    List<Observation> observations = new ArrayList<>();
    lines.readLine();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] cells = line.split(",");
      Instant time = LocalDateTime.parse(cells[0].replace(' ', 'T')).atZone(ZONE).toInstant();
      columns.forEach(
          (column, series) ->
              observations.add(
                  new Observation(
                      series.id(), time, Double.parseDouble(cells[column]), time, null)));
    }
    return new Content(List.copyOf(columns.values()), observations);
  }

  /**
   * The speed file has no time column: its rows are 5 minutes apart from 2012-03-01 (not verified).
   */
  private static Content roadSpeed(BufferedReader lines) throws IOException {
    String[] header = lines.readLine().split(",");
    List<Series> series = new ArrayList<>();
    for (String sensor : header) {
      series.add(new Series("la.speed." + sensor, "la.speed", "840006", "mph", 0, 120));
    }
    List<Observation> observations = new ArrayList<>();
    Instant time = LocalDateTime.of(2012, 3, 1, 0, 0).atZone(ZONE).toInstant();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] cells = line.split(",");
      for (int i = 0; i < cells.length; i++) {
        observations.add(
            new Observation(series.get(i).id(), time, Double.parseDouble(cells[i]), time, null));
      }
      time = time.plus(Duration.ofMinutes(5));
    }
    return new Content(series, observations);
  }
}
