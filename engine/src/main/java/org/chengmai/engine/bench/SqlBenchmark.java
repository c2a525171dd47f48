package org.chengmai.engine.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.chengmai.engine.sql.Execution;
import org.jspecify.annotations.Nullable;

/**
 * City-Fed: TPC-H over two PostgreSQL servers, by our engine, by Calcite's own and by Trino,
 * alternating inside each query so that all meet the same load. Blocking.
 */
public final class SqlBenchmark {
  private final Settings settings;
  private final Path peers;
  private final Consumer<String> progress;
  private int runs;

  /**
   * What to run.
   *
   * @param rounds timed ones, after those that warm up
   * @param scale TPC-H's scale factor
   * @param folder for data that later runs find again
   * @param only names of queries; all when empty
   */
  public record Settings(
      int rounds,
      double scale,
      Path folder,
      boolean withTrino,
      boolean withEnumerable,
      boolean isExplaining,
      List<String> only) {
    public Settings {
      only = List.copyOf(only);
    }
  }

  /**
   * A query's figures: medians of the rounds, times in milliseconds, planning included. CPU is the
   * engine's and then the sources'.
   *
   * @param cpuRatioToFloor our engine's and the sources' CPU to that of reading the same columns by
   *     COPY and throwing them away; absent where keys leave most rows out
   * @param hashEqual whether all engines that answered gave the same rows
   */
  public record QueryFigures(
      String name,
      double oursMs,
      @Nullable Double trinoMs,
      @Nullable Double enumerableMs,
      double planningMs,
      double mbMoved,
      long rowsMoved,
      @Nullable Double cpuRatioToFloor,
      boolean hashEqual,
      List<Double> oursCpuMs,
      @Nullable List<Double> trinoCpuMs,
      @Nullable List<Double> enumerableCpuMs,
      @Nullable List<Double> floorMs,
      Map<String, String> errors) {}

  /** All figures; a geometric mean is of the queries that both engines answered. */
  public record Result(
      List<QueryFigures> queries,
      @Nullable Double geomeanVsTrino,
      @Nullable Double geomeanVsEnumerable,
      double rssMb,
      @Nullable Double trinoRssMb,
      @Nullable Double enumerableRssMb,
      Map<String, String> machine) {}

  private record Sample(double wall, double engineCpu, double sourceCpu) {}

  /**
   * @param peers the folder with Trino's tarball and driver
   * @param progress told what is done
   */
  public SqlBenchmark(Settings settings, Path peers, Consumer<String> progress) {
    this.settings = settings;
    this.peers = peers;
    this.progress = progress;
  }

  public Result run() throws IOException, InterruptedException, SQLException {
    Map<String, String> machine = ProcessFigures.machine();
    List<Contender> contenders = new ArrayList<>();
    try (CityFedServers servers =
        new CityFedServers(settings.folder(), settings.scale(), progress)) {
      servers.start();
      OurEngine ours =
          new OurEngine(
              "ours", Execution.Here.FEDERATED, "640m", servers, settings.folder().resolve("work"));
      contenders.add(ours);
      try {
        if (settings.withEnumerable()) {
          contenders.add(
              new OurEngine(
                  "enumerable",
                  Execution.Here.ENUMERABLE,
                  "3g",
                  servers,
                  settings.folder().resolve("work")));
        }
        if (settings.withTrino()) {
          contenders.add(
              TrinoPeer.start(peers, settings.folder().resolve("trino"), servers, progress));
        }
        Map<String, Double> peaks = new LinkedHashMap<>();
        List<QueryFigures> figures = new ArrayList<>();
        for (CityFed.Query query : CityFed.QUERIES) {
          if (settings.only().isEmpty() || settings.only().contains(query.name())) {
            figures.add(measure(query, servers, ours, contenders, peaks));
          }
        }
        machine.put("load_at_end", ProcessFigures.load());
        return new Result(
            figures,
            geomean(figures, QueryFigures::trinoMs),
            geomean(figures, QueryFigures::enumerableMs),
            peaks.getOrDefault("ours", 0.0),
            peaks.get("trino"),
            peaks.get("enumerable"),
            machine);
      } finally {
        contenders.forEach(Contender::close);
      }
    }
  }

  private QueryFigures measure(
      CityFed.Query query,
      CityFedServers servers,
      OurEngine ours,
      List<Contender> contenders,
      Map<String, Double> peaks) {
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    Map<String, String> hashes = new LinkedHashMap<>();
    Map<String, String> errors = new LinkedHashMap<>();
    List<Sample> floors = new ArrayList<>();
    List<Double> planning = new ArrayList<>();
    double bytes = 0;
    long rows = 0;
    for (int round = 1 - Contender.WARM_UPS; round <= settings.rounds(); round++) {
      for (Contender contender : contenders) {
        String name = contender.name();
        if (errors.containsKey(name) || round <= -contender.warmUps()) {
          continue;
        }
        double engine = cpu(contender.pid());
        double sources = sources(servers);
        SqlWorker.Outcome outcome = contender.run(query, runs++);
        peaks.merge(name, ProcessFigures.peakMb(contender.pid()), Math::max);
        if (outcome.error() != null) {
          errors.put(name, outcome.error());
          samples.remove(name);
          continue;
        }
        if (contender == ours) {
          bytes = outcome.bytesMoved();
          rows = outcome.rowsMoved();
        }
        String hash =
            hashes.merge(
                name, outcome.hash(), (one, other) -> one.equals(other) ? one : "changing");
        if (round > 0) {
          samples
              .computeIfAbsent(name, key -> new ArrayList<>())
              .add(
                  new Sample(
                      outcome.millis(), cpu(contender.pid()) - engine, sources(servers) - sources));
        }
        progress.accept(
            String.format(
                Locale.ROOT,
                "%s %s %s: %,.0f ms, %s",
                query.name(),
                round <= 0 ? "warm-up" : "round " + round,
                name,
                outcome.millis(),
                hash));
      }
      SqlWorker.Outcome plan = ours.explain(query);
      if (round == 0 && settings.isExplaining()) {
        progress.accept(String.valueOf(plan.explained()));
      }
      if (round > 0) {
        planning.add(plan.planMillis());
      }
      if (round > 0 && !query.floor().isEmpty()) {
        floors.add(floor(query, servers));
      }
    }
    List<Sample> own = samples.getOrDefault("ours", List.of());
    boolean isFloored = !floors.isEmpty() && !own.isEmpty();
    QueryFigures figures =
        new QueryFigures(
            query.name(),
            rounded(median(own, Sample::wall)),
            wall(samples.get("trino")),
            wall(samples.get("enumerable")),
            rounded(median(planning, Double::doubleValue)),
            rounded(bytes / 1e6),
            rows,
            isFloored
                ? Math.round(
                        100 * median(own, SqlBenchmark::cpu) / median(floors, SqlBenchmark::cpu))
                    / 100.0
                : null,
            hashes.values().stream().distinct().count() == 1,
            Objects.requireNonNullElse(cpu(own), List.of()),
            cpu(samples.get("trino")),
            cpu(samples.get("enumerable")),
            isFloored
                ? List.of(
                    rounded(median(floors, Sample::wall)),
                    rounded(median(floors, Sample::engineCpu)),
                    rounded(median(floors, Sample::sourceCpu)))
                : null,
            errors);
    progress.accept(figures.toString());
    return figures;
  }

  private static double cpu(Sample sample) {
    return sample.engineCpu + sample.sourceCpu;
  }

  private static double cpu(long pid) {
    return pid == 0 ? 0 : ProcessFigures.cpuMillis(pid);
  }

  private static double sources(CityFedServers servers) {
    return cpu(servers.pid("a")) + cpu(servers.pid("b"));
  }

  /** The same columns by COPY, thrown away; the CPU is this process's. */
  private static Sample floor(CityFed.Query query, CityFedServers servers) {
    long self = ProcessHandle.current().pid();
    double engine = ProcessFigures.ownCpuMillis(self);
    double sources = sources(servers);
    long start = System.nanoTime();
    query.floor().forEach((server, texts) -> texts.forEach(sql -> servers.drain(server, sql)));
    return new Sample(
        (System.nanoTime() - start) / 1e6,
        ProcessFigures.ownCpuMillis(self) - engine,
        sources(servers) - sources);
  }

  private static @Nullable Double wall(@Nullable List<Sample> samples) {
    return samples == null ? null : rounded(median(samples, Sample::wall));
  }

  private static @Nullable List<Double> cpu(@Nullable List<Sample> samples) {
    return samples == null || samples.isEmpty()
        ? null
        : List.of(
            rounded(median(samples, Sample::engineCpu)),
            rounded(median(samples, Sample::sourceCpu)));
  }

  private static <T> double median(List<T> samples, ToDoubleFunction<T> figure) {
    double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
    if (sorted.length == 0) {
      return 0;
    }
    double[] middle = Arrays.copyOfRange(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1);
    return DoubleStream.of(middle).average().orElse(0);
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }

  private interface Time {
    @Nullable Double of(QueryFigures figures);
  }

  private static @Nullable Double geomean(List<QueryFigures> figures, Time other) {
    double sum = 0;
    int count = 0;
    for (QueryFigures one : figures) {
      Double time = other.of(one);
      if (time != null && one.oursMs > 0) {
        sum += Math.log(time / one.oursMs);
        count++;
      }
    }
    return count == 0 ? null : Math.round(100 * Math.exp(sum / count)) / 100.0;
  }
}
