package org.chengmai.engine.bench;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.chengmai.engine.bench.LookUpClient.Addresses;
import org.chengmai.engine.bench.LookUpClient.Way;
import org.chengmai.indicators.json.Json;

/**
 * The clients, in a process of their own so that the engine's memory is nobody else's: reads where
 * the servers are, then a task a line, writes its answer a line.
 */
public final class ClientsWorker {
  private final Addresses addresses;
  private final BufferAllocator allocator = new RootAllocator();
  private final Vertx vertx = Vertx.vertx();
  private final List<LookUpClient> idle = new ArrayList<>();

  private ClientsWorker(Addresses addresses) {
    this.addresses = addresses;
  }

  /** What to do. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({
    @JsonSubTypes.Type(Drain.class),
    @JsonSubTypes.Type(Measure.class),
    @JsonSubTypes.Type(Idle.class),
    @JsonSubTypes.Type(Active.class),
    @JsonSubTypes.Type(Wake.class)
  })
  sealed interface Task {
    /**
     * Does it.
     *
     * @param errors of single look-ups, to be filled
     */
    Outcome run(ClientsWorker worker, Map<String, Integer> errors) throws Exception;
  }

  /**
   * Reads all batches of a query by Flight SQL.
   *
   * @param barePort of a {@link BareFlightServer} over this query; 0 for the engine
   * @param ticket what the bare server is asked for
   */
  record Drain(String sql, int barePort, byte[] ticket) implements Task {
    @Override
    public Outcome run(ClientsWorker worker, Map<String, Integer> errors) throws Exception {
      return worker.drain(this);
    }
  }

  /** Looks residents up, one after the other. */
  record Measure(Way way, int samples, int residents) implements Task {
    @Override
    public Outcome run(ClientsWorker worker, Map<String, Integer> errors) throws Exception {
      return worker.measure(this);
    }
  }

  /** Connects clients that look up once and then do nothing. */
  record Idle(Way way, int clients) implements Task {
    @Override
    public Outcome run(ClientsWorker worker, Map<String, Integer> errors) throws Exception {
      return worker.connect(this, errors);
    }
  }

  /** Lets clients look up at once, again and again. */
  record Active(Way way, int clients, int seconds, int residents) implements Task {
    @Override
    public Outcome run(ClientsWorker worker, Map<String, Integer> errors) throws Exception {
      return worker.active(this, errors);
    }
  }

  /** Lets all that are idle look up once more. */
  record Wake() implements Task {
    @Override
    public Outcome run(ClientsWorker worker, Map<String, Integer> errors) throws Exception {
      return worker.wake(errors);
    }
  }

  /**
   * What came of it.
   *
   * @param millis one time for each look-up, or of the whole
   * @param rows of all batches
   * @param bytes of all batches' vectors
   * @param errors by their text
   */
  record Outcome(List<Double> millis, long rows, long bytes, Map<String, Integer> errors) {
    static Outcome of(List<Double> millis, Map<String, Integer> errors) {
      return new Outcome(millis, 0, 0, errors);
    }
  }

  /** Works until its input ends. */
  public static void main(String... arguments) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err);
    BufferedReader tasks =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    ClientsWorker worker = new ClientsWorker(Json.read(tasks.readLine(), Addresses.class));
    for (String line = tasks.readLine(); line != null; line = tasks.readLine()) {
      answers.println(Json.write(worker.run(Json.read(line, Task.class))));
      answers.flush();
    }
    // clients that stayed open end with the process
    System.exit(0);
  }

  private Outcome run(Task task) {
    Map<String, Integer> errors = new ConcurrentSkipListMap<>();
    try {
      return task.run(this, errors);
    } catch (Exception e) {
      errors.put(String.valueOf(e), 1);
      return Outcome.of(List.of(), errors);
    }
  }

  private Outcome drain(Drain task) throws Exception {
    if (task.barePort() > 0) {
      try (FlightClient client =
          FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", task.barePort()))
              .build()) {
        long start = System.nanoTime();
        try (FlightStream stream = client.getStream(new Ticket(task.ticket()))) {
          return read(stream, start);
        }
      }
    }
    try (LookUpClient.FlightConnection ours =
        new LookUpClient.FlightConnection(addresses, allocator)) {
      long start = System.nanoTime();
      try (FlightStream stream = ours.stream(ours.client.execute(task.sql(), ours.token))) {
        return read(stream, start);
      }
    }
  }

  private static Outcome read(FlightStream stream, long start) {
    long rows = 0;
    long bytes = 0;
    while (stream.next()) {
      rows += stream.getRoot().getRowCount();
      for (FieldVector vector : stream.getRoot().getFieldVectors()) {
        bytes += vector.getBufferSize();
      }
    }
    return new Outcome(List.of(Times.since(start)), rows, bytes, Map.of());
  }

  private LookUpClient client(Way way) throws Exception {
    return LookUpClient.connect(way, addresses, allocator, vertx);
  }

  private Outcome measure(Measure task) throws Exception {
    Random random = new Random(1);
    List<Double> millis = new ArrayList<>();
    try (LookUpClient client = client(task.way())) {
      for (int i = 0; i < task.samples(); i++) {
        long key = 1 + random.nextInt(task.residents());
        long start = System.nanoTime();
        client.lookUp(key);
        millis.add(Times.since(start));
      }
    }
    return Outcome.of(millis, Map.of());
  }

  private Outcome connect(Idle task, Map<String, Integer> errors) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < task.clients(); i++) {
      LookUpClient client = client(task.way());
      idle.add(client);
      lookUp(client, i + 1, errors);
    }
    return Outcome.of(List.of(Times.since(start)), errors);
  }

  private Outcome wake(Map<String, Integer> errors) {
    long start = System.nanoTime();
    for (int i = 0; i < idle.size(); i++) {
      lookUp(idle.get(i), i + 1, errors);
    }
    return Outcome.of(List.of(Times.since(start)), errors);
  }

  private static boolean lookUp(LookUpClient client, long key, Map<String, Integer> errors) {
    try {
      client.lookUp(key);
      return true;
    } catch (Exception e) {
      errors.merge(String.valueOf(e), 1, Integer::sum);
      return false;
    }
  }

  private Outcome active(Active task, Map<String, Integer> errors) throws Exception {
    ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
    List<LookUpClient> clients = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    try {
      for (int i = 0; i < task.clients(); i++) {
        clients.add(client(task.way()));
      }
      long end = System.nanoTime() + Duration.ofSeconds(task.seconds()).toNanos();
      for (int i = 0; i < task.clients(); i++) {
        LookUpClient client = clients.get(i);
        Random random = new Random(i);
        Thread thread =
            new Thread(
                () -> {
                  while (System.nanoTime() < end) {
                    long start = System.nanoTime();
                    if (lookUp(client, 1 + random.nextInt(task.residents()), errors)) {
                      millis.add(Times.since(start));
                    }
                  }
                },
                "active-" + i);
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    } finally {
      for (LookUpClient client : clients) {
        client.close();
      }
    }
    return Outcome.of(List.copyOf(millis), new TreeMap<>(errors));
  }
}
