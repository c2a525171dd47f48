package org.chengmai.engine.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.chengmai.engine.Engine;
import org.chengmai.engine.EngineOptions;
import org.chengmai.engine.ServerSet;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.config.ExternalServersConfig;
import org.chengmai.engine.config.LibraryConfig;
import org.chengmai.engine.config.ServerConfig;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.region.City;
import org.jspecify.annotations.Nullable;

/**
 * The demo: an engine over the simulated city, its past and its live sensors. Used from one thread.
 */
public final class Demo implements AutoCloseable {
  /** Marks a folder as the demo's, so that {@code --reset} deletes nothing else. */
  public static final String MARK = "demo.json";

  static final Duration PAST = Duration.ofDays(28);

  /**
   * What a demo folder remembers.
   *
   * @param sentUntil everything of the simulator before this was acknowledged
   * @param isPastLoaded whether the past is in
   */
  record Memory(
      long seed, boolean withMariaDb, Instant start, Instant sentUntil, boolean isPastLoaded) {}

  private final DemoSettings settings;
  private final Consumer<String> say;
  private final long began = System.nanoTime();
  private final DemoClock clock = new DemoClock(Instant.now(), 1);
  private final DemoCity city;
  private final List<String> districts;
  private final Departments departments;
  private final Engine engine;
  private final boolean isNew;
  private volatile Memory memory;
  private @Nullable CitySimulator simulator;
  private double readySeconds;
  private volatile BiConsumer<Instant, Instant> acknowledged = (eventTime, wall) -> {};

  public Demo(DemoSettings settings, Consumer<String> say) throws IOException {
    this(
        settings,
        new ServerConfig(
            "127.0.0.1",
            settings.port(),
            settings.port() == 0 ? 0 : 8815,
            settings.port() == 0 ? 0 : 5433,
            settings.port() == 0 ? 0 : 1883),
        ExternalServersConfig.defaults(),
        say);
  }

  /**
   * @param external servers that others run; on such a PostgreSQL the departments' tables lie
   *     beside the engine's own
   */
  Demo(
      DemoSettings settings,
      ServerConfig server,
      ExternalServersConfig external,
      Consumer<String> say)
      throws IOException {
    this.settings = settings;
    this.say = say;
    Path examples = settings.home().resolve("examples/demo");
    City place = org.chengmai.engine.Catalogues.city(examples.resolve("city.yaml"));
    this.districts = place.districts().stream().map(City.District::code).toList();
    ChineseCalendar calendar = ChineseCalendar.shipped();
    this.city = new DemoCity(settings.seed(), districts, calendar::isWorkday);
    this.departments =
        new Departments(
            settings, new DemoLibraries(settings.seed(), districts, calendar::isWorkday), clock);
    Files.createDirectories(settings.folder());
    Path mark = settings.folder().resolve(MARK);
    this.isNew = !Files.exists(mark);
    Instant now = Instant.now();
    this.memory =
        isNew
            ? new Memory(settings.seed(), settings.withMariaDb(), now, now, false)
            : Json.read(Files.readString(mark), Memory.class);
    if (memory.seed() != settings.seed() || memory.withMariaDb() != settings.withMariaDb()) {
      throw new ChengmaiException(
          ErrorCode.CONFLICT,
          "%s holds a city of seed %d%s; start with --reset or another --dir"
              .formatted(
                  settings.folder(),
                  memory.seed(),
                  memory.withMariaDb() ? " with MariaDB" : " without MariaDB"));
    }
    EngineConfig config = EngineConfig.of(server, external, List.of("libraries"), List.of(), PAST);
    this.engine =
        new Engine(
            config,
            new EngineOptions(
                settings.home(),
                settings.folder(),
                examples,
                clock,
                clock::speed,
                true,
                settings.withMariaDb(),
                Duration.ofHours(2),
                PAST.plusDays(14),
                "DAY",
                this::departments,
                say));
  }

  /**
   * Starts the engine and the sensors; returns when the first indicator of the running city is in
   * Druid.
   */
  public void start() {
    say.accept("城脉 starts over " + settings.folder() + " (all data are synthetic)");
    engine.start();
    engine
        .ingestion()
        .registry()
        .register(city.stations().stream().map(DemoCity.Station::series).toList());
    Instant resumed = memory.sentUntil();
    if (isNew) {
      clock.run(1);
    } else if (Duration.between(resumed, Instant.now()).compareTo(Duration.ofMinutes(10)) > 0) {
      clock.set(Instant.now(), settings.speed());
      engine.view().gap(resumed, clock.instant());
    } else {
      clock.set(resumed.isAfter(Instant.now()) ? resumed : Instant.now(), settings.speed());
    }
    remember(memory);
    city.liveFrom(memory.start());
    Instant from = isNew ? memory.start() : clock.instant().truncatedTo(ChronoUnit.MINUTES);
    CitySimulator sensors =
        new CitySimulator(city, clock, engine.ingestion().gateway(), from, this::acknowledged);
    simulator = sensors;
    sensors.run();
    engine.run();
    awaitFirstIndicator();
    readySeconds = (System.nanoTime() - began) / 1e9;
  }

  private void acknowledged(Instant eventTime, Instant wall) {
    acknowledged.accept(eventTime, wall);
    if (Duration.between(memory.sentUntil(), eventTime).toSeconds() >= 60 * clock.speed()) {
      remember(
          new Memory(
              memory.seed(),
              memory.withMariaDb(),
              memory.start(),
              eventTime,
              memory.isPastLoaded()));
    }
  }

  private void awaitFirstIndicator() {
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (!hasIndicator()) {
      if (System.nanoTime() > deadline) {
        throw new ChengmaiException(
            ErrorCode.UNAVAILABLE,
            "no indicator reached Druid within 3 minutes; health: "
                + engine.address()
                + "/health/ready");
      }
      pause(100);
    }
  }

  private boolean hasIndicator() {
    try {
      return engine.ingestion().druid().count("SELECT COUNT(*) FROM \"vital_signs\"") > 0;
    } catch (ChengmaiException e) {
      // The data source does not exist before its first row.
      return false;
    }
  }

  static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "interrupted", e);
    }
  }

  /**
   * Loads four weeks of observations and the indicators over them, once per folder; then the clock
   * takes its speed.
   */
  public void loadPast() throws InterruptedException {
    if (memory.isPastLoaded()) {
      engine.judgeTables();
      engine.learn();
      clock.run(settings.speed());
      return;
    }
    long started = System.nanoTime();
    Instant to = memory.start();
    Instant from = to.minus(PAST);
    CitySimulator loader =
        new CitySimulator(city, clock, engine.ingestion().gateway(), from, (time, wall) -> {});
    long observations;
    try (loader) {
      observations =
          loader.loadHistory(
              to,
              (sent, until) ->
                  engine
                      .view()
                      .progress(
                          "载入历史观测",
                          "loading past observations",
                          Duration.between(from, until).toHours(),
                          PAST.toHours()));
    }
    engine.ingestion().awaitVisible();
    say.accept(
        "  %,d past observations loaded in %.0f s"
            .formatted(observations, (System.nanoTime() - started) / 1e9));
    engine.judgeTables();
    engine
        .watch()
        .scheduler()
        .backfill(
            from,
            to,
            (done, groups, points) ->
                engine.view().progress("计算历史指标", "computing past indicators", done, groups));
    engine.view().done();
    say.accept(
        "  indicators over them computed, %.0f s in all"
            .formatted((System.nanoTime() - started) / 1e9));
    remember(
        new Memory(memory.seed(), memory.withMariaDb(), memory.start(), memory.sentUntil(), true));
    engine.learn();
    clock.run(settings.speed());
  }

  /** Sets the clock for a new city before the departments' databases are filled up to it. */
  private List<LibraryConfig> departments(ServerSet servers) {
    if (isNew) {
      // The clock waits just before a minute's end that is no five minutes' end until the sensors
      // send: the first indicator is due at once, the next ones
      // after the past is in.
      Instant minute = Grain.of("PT5M").floor(Instant.now(), DemoCity.ZONE).plusSeconds(60);
      clock.set(minute.minusSeconds(2), 0);
      Instant start = minute.minusSeconds(60);
      memory = new Memory(settings.seed(), settings.withMariaDb(), start, start, false);
    }
    return departments.open(servers);
  }

  private synchronized void remember(Memory now) {
    memory = now;
    try {
      Files.writeString(settings.folder().resolve(MARK), Json.write(now));
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL, "cannot write " + settings.folder().resolve(MARK), e);
    }
  }

  public double readySeconds() {
    return readySeconds;
  }

  public Engine engine() {
    return engine;
  }

  DemoCity city() {
    return city;
  }

  List<String> districts() {
    return districts;
  }

  DemoClock clock() {
    return clock;
  }

  /** Who is told the newest event time of each live batch and when it was acknowledged. */
  void onAcknowledged(BiConsumer<Instant, Instant> listener) {
    acknowledged = listener;
  }

  @Override
  public void close() {
    departments.close();
    if (simulator != null) {
      simulator.close();
      remember(
          new Memory(
              memory.seed(),
              memory.withMariaDb(),
              memory.start(),
              clock.instant(),
              memory.isPastLoaded()));
    }
    engine.close();
  }
}
