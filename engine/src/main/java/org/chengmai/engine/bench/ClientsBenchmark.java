package org.chengmai.engine.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.chengmai.engine.Engine;
import org.chengmai.engine.bench.ClientsWorker.Outcome;
import org.chengmai.engine.bench.LookUpClient.Way;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * What clients get by each protocol: how fast results stream, how soon the first row of a look-up
 * is there, what idle connections cost, whether many at once are served. Blocking.
 */
public final class ClientsBenchmark {
  /** Look-ups before those that count. */
  private static final int WARM_UP = 2000;

  /** Readings of all rows by each server before those that count. */
  private static final int WARM_UP_ROUNDS = 20;

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final List<Way> PROTOCOLS = List.of(Way.FLIGHT, Way.POSTGRES_PREPARED, Way.HTTP);

  /**
   * What to measure.
   *
   * @param rounds readings of all rows by each server
   * @param samples look-ups of each way
   * @param idle connections of each protocol
   * @param active connections of each protocol
   * @param seconds how long the active ones ask
   */
  public record Settings(int rounds, int samples, int idle, int active, int seconds) {}

  /**
   * All rows from one server.
   *
   * @param mbPerSecond megabytes of vectors, median of the rounds
   * @param cpuMillis CPU time that the server's and the clients' processes took, mean of the rounds
   */
  public record Reading(double mbPerSecond, double cpuMillis) {}

  /**
   * Streaming by Flight SQL beside a bare Flight server.
   *
   * @param from what makes the rows
   * @param ours from the question for the statement's info on
   * @param bare the same query behind the bare server
   * @param held the same batches, which the bare server has in memory
   * @param toBare median of the rounds' ratios, ours to bare
   * @param toHeld the same, ours to held
   */
  public record Throughput(
      String from,
      long rows,
      double mb,
      Reading ours,
      Reading bare,
      Reading held,
      double toBare,
      double toHeld) {}

  /** Times from the question to the first row, in milliseconds. */
  public record FirstRow(Way way, Times millis) {}

  /**
   * What the engine holds more than before.
   *
   * @param heapMb after a garbage collection
   * @param rssMb resident
   */
  public record Idle(Way way, int connections, double heapMb, double rssMb) {}

  /** Clients that ask again at once, beside the idle ones. */
  public record Active(Way way, int clients, double perSecond, Times millis, int errors) {}

  /**
   * All figures.
   *
   * @param idleHeapMb all idle connections together
   * @param errors of any look-up, by their text
   */
  public record Result(
      List<Throughput> throughput,
      List<FirstRow> firstRow,
      List<Idle> idle,
      double idleHeapMb,
      double idleRssMb,
      List<Active> active,
      Map<String, Integer> errors,
      Map<String, String> machine) {}

  private final Settings settings;
  private final Engine engine;
  private final WorkerProcess clients;
  private final Consumer<String> progress;
  private final Map<String, Integer> errors = new LinkedHashMap<>();

  private ClientsBenchmark(
      Settings settings, Engine engine, WorkerProcess clients, Consumer<String> progress) {
    this.settings = settings;
    this.engine = engine;
    this.clients = clients;
    this.progress = progress;
  }

  /**
   * @param home distribution folder with Kafka and Druid
   */
  public static Result run(Path home, Settings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    try (BenchEngine started =
        BenchEngine.start(home, BenchEngine.Contents.of(ClientsData::make), progress)) {
      Engine engine = started.engine();
      try (WorkerProcess clients =
          WorkerProcess.start(
              ClientsWorker.class,
              "640m",
              started.folder().resolve("clients.log"),
              ClientsData.addresses(engine))) {
        return new ClientsBenchmark(settings, engine, clients, progress).result();
      }
    }
  }

  private Result result() throws IOException, InterruptedException {
    Map<String, String> machine = ProcessFigures.machine();
    List<Throughput> throughput = new ArrayList<>();
    for (Map.Entry<String, String> query : ClientsData.STREAMED.entrySet()) {
      throughput.add(shown(throughput(query.getKey(), query.getValue())));
    }
    List<FirstRow> firstRow = new ArrayList<>();
    for (Way way : Way.values()) {
      firstRow.add(shown(firstRow(way)));
    }
    double heap = heapMb();
    double resident = residentMb();
    List<Idle> idle = new ArrayList<>();
    for (Way way : PROTOCOLS) {
      idle.add(shown(idle(way)));
    }
    double idleHeap = Times.rounded(heapMb() - heap);
    double idleResident = Times.rounded(residentMb() - resident);
    List<Active> active = new ArrayList<>();
    for (Way way : PROTOCOLS) {
      active.add(shown(active(way)));
    }
    // those that were idle are still there
    Outcome unused = ask(new ClientsWorker.Wake());
    machine.put("load_at_end", ProcessFigures.load());
    return new Result(throughput, firstRow, idle, idleHeap, idleResident, active, errors, machine);
  }

  private <T> T shown(T figures) {
    progress.accept(figures.toString());
    return figures;
  }

  private Outcome ask(ClientsWorker.Task task) throws IOException, InterruptedException {
    try {
      Outcome outcome = clients.ask(task, Outcome.class, PATIENCE);
      outcome.errors().forEach((error, count) -> errors.merge(error, count, Integer::sum));
      return outcome;
    } catch (TimeoutException e) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL, "%s did not end within %s".formatted(task, PATIENCE), e);
    }
  }

  /** The same, of work that is worth nothing when it fails. */
  private Outcome get(ClientsWorker.Task task) throws IOException, InterruptedException {
    Outcome outcome = ask(task);
    if (!outcome.errors().isEmpty()) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL, "%s: %s".formatted(task, outcome.errors().keySet()));
    }
    return outcome;
  }

  private Throughput throughput(String from, String sql) throws IOException, InterruptedException {
    progress.accept("streaming rows from " + from);
    try (BareFlightServer server = new BareFlightServer(engine.libraries().sql(), sql)) {
      List<ClientsWorker.Drain> drains =
          List.of(
              new ClientsWorker.Drain(sql, 0, new byte[0]),
              new ClientsWorker.Drain(sql, server.port(), BareFlightServer.COMPUTED),
              new ClientsWorker.Drain(sql, server.port(), BareFlightServer.HELD));
      List<double[]> rounds = new ArrayList<>();
      double[] cpu = new double[drains.size()];
      Outcome first = get(drains.get(0));
      for (int round = -WARM_UP_ROUNDS; round < settings.rounds(); round++) {
        double[] millis = new double[drains.size()];
        for (int i = 0; i < millis.length; i++) {
          // each begins a round in its turn
          int which = (i + round + WARM_UP_ROUNDS) % millis.length;
          double before = cpuMillis();
          Outcome outcome = get(drains.get(which));
          cpu[which] += round < 0 ? 0 : (cpuMillis() - before) / settings.rounds();
          if (outcome.rows() != first.rows()) {
            throw new ChengmaiException(
                ErrorCode.INTERNAL,
                "%d rows came in place of %d".formatted(outcome.rows(), first.rows()));
          }
          millis[which] = outcome.millis().get(0);
        }
        if (round >= 0) {
          rounds.add(millis);
        }
      }
      double mb = first.bytes() / 1e6;
      return new Throughput(
          from,
          first.rows(),
          Times.rounded(mb),
          new Reading(median(rounds, millis -> mb * 1000 / millis[0]), Times.rounded(cpu[0])),
          new Reading(median(rounds, millis -> mb * 1000 / millis[1]), Times.rounded(cpu[1])),
          new Reading(median(rounds, millis -> mb * 1000 / millis[2]), Times.rounded(cpu[2])),
          median(rounds, millis -> millis[1] / millis[0]),
          median(rounds, millis -> millis[2] / millis[0]));
    }
  }

  private double cpuMillis() {
    return ProcessFigures.ownCpuMillis(ProcessHandle.current().pid())
        + ProcessFigures.ownCpuMillis(clients.pid());
  }

  private static double median(List<double[]> rounds, ToDoubleFunction<double[]> figure) {
    return Times.of(rounds.stream().mapToDouble(figure).boxed().toList()).p50();
  }

  private FirstRow firstRow(Way way) throws IOException, InterruptedException {
    Outcome unused = get(new ClientsWorker.Measure(way, WARM_UP, ClientsData.RESIDENTS));
    return new FirstRow(
        way,
        Times.of(
            get(new ClientsWorker.Measure(way, settings.samples(), ClientsData.RESIDENTS))
                .millis()));
  }

  private Idle idle(Way way) throws IOException, InterruptedException {
    double heap = heapMb();
    double resident = residentMb();
    Outcome unused = get(new ClientsWorker.Idle(way, settings.idle()));
    return new Idle(
        way,
        settings.idle(),
        Times.rounded(heapMb() - heap),
        Times.rounded(residentMb() - resident));
  }

  private Active active(Way way) throws IOException, InterruptedException {
    Outcome outcome =
        ask(
            new ClientsWorker.Active(
                way, settings.active(), settings.seconds(), ClientsData.RESIDENTS));
    return new Active(
        way,
        settings.active(),
        Times.rounded(1.0 * outcome.millis().size() / settings.seconds()),
        Times.of(outcome.millis()),
        outcome.errors().values().stream().mapToInt(Integer::intValue).sum());
  }

  private static double heapMb() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
  }

  private static double residentMb() {
    return ProcessFigures.residentMb(ProcessHandle.current().pid());
  }
}
