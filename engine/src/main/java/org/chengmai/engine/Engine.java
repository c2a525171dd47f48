package org.chengmai.engine;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.chengmai.connectors.kafka.Topics;
import org.chengmai.connectors.process.DataFolder;
import org.chengmai.connectors.process.Ports;
import org.chengmai.dashboards.live.LiveConfig;
import org.chengmai.dashboards.live.LiveCounts;
import org.chengmai.dashboards.live.LiveHub;
import org.chengmai.dashboards.live.LiveRoutes;
import org.chengmai.dashboards.live.Progress;
import org.chengmai.dashboards.page.StaticPages;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.config.LibraryConfig;
import org.chengmai.engine.config.UserConfig;
import org.chengmai.engine.flight.FlightSqlEndpoint;
import org.chengmai.engine.pgwire.PostgresEndpoint;
import org.chengmai.engine.pipeline.Comparisons;
import org.chengmai.engine.pipeline.PatternTrainer;
import org.chengmai.engine.pipeline.TribuoTrainer;
import org.chengmai.engine.querylog.QueryLog;
import org.chengmai.engine.savedquery.SavedQueries;
import org.chengmai.engine.server.AlertRoutes;
import org.chengmai.engine.server.CapRoutes;
import org.chengmai.engine.server.CityRoutes;
import org.chengmai.engine.server.CityState;
import org.chengmai.engine.server.ContributionRoutes;
import org.chengmai.engine.server.DefinitionRoutes;
import org.chengmai.engine.server.ForecastRoutes;
import org.chengmai.engine.server.HealthRoutes;
import org.chengmai.engine.server.HttpFrontend;
import org.chengmai.engine.server.IncidentRoutes;
import org.chengmai.engine.server.IndicatorRoutes;
import org.chengmai.engine.server.JobRoutes;
import org.chengmai.engine.server.LineageRoutes;
import org.chengmai.engine.server.ModelRoutes;
import org.chengmai.engine.server.ObservationRoutes;
import org.chengmai.engine.server.OpenApiRoutes;
import org.chengmai.engine.server.QueryLogRoutes;
import org.chengmai.engine.server.QuietRoutes;
import org.chengmai.engine.server.RowAnswers;
import org.chengmai.engine.server.SavedQueryRoutes;
import org.chengmai.engine.server.SeriesRoutes;
import org.chengmai.engine.server.SnapshotRoutes;
import org.chengmai.engine.server.SqlRoutes;
import org.chengmai.engine.server.Users;
import org.chengmai.engine.tls.ServerCertificate;
import org.chengmai.engine.tls.TlsConfig;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.lineage.Lineages;
import org.chengmai.indicators.region.City;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running engine: opens the page, starts the servers, then ingestion, SQL, indicators, alerts
 * and the endpoints, in the order in which data flow; closes them the other way round. Started
 * once, from one thread.
 */
public final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final EngineConfig config;
  private final EngineOptions options;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Vertx vertx = Vertx.vertx();
  private final WorkerExecutor workers =
      vertx.createSharedWorkerExecutor("chengmai-http", 8, 5, TimeUnit.MINUTES);

  /** Most of its threads only wait for their query's turn. */
  private final WorkerExecutor queries =
      vertx.createSharedWorkerExecutor("chengmai-sql", 64, 5, TimeUnit.MINUTES);

  private final String ownToken = Users.newToken();
  private final City city;
  private final @Nullable ServerCertificate certificate;
  private final Users users;
  private final ServerSet servers;
  private final CityView view;
  private volatile boolean ready;
  private @Nullable HttpServer http;
  private @Nullable Ingestion ingestion;
  private @Nullable Libraries libraries;
  private @Nullable Watch watch;
  private @Nullable LiveHub hub;
  private @Nullable FlightSqlEndpoint flight;
  private @Nullable PostgresEndpoint postgres;

  public Engine(EngineConfig config, EngineOptions options) {
    this.config = config;
    this.options = options;
    TlsConfig tls = config.server().tls();
    this.certificate =
        tls == null
            ? null
            : ServerCertificate.read(tls, options.base(), InstantSource.system().instant());
    this.city = Catalogues.city(options.base().resolve(config.city()));
    List<UserConfig> all = new ArrayList<>(config.users());
    all.add(new UserConfig("local", Users.hash(ownToken), Role.ADMIN));
    this.users = new Users(all);
    DataFolder folder = DataFolder.open(options.folder());
    opened.push(folder);
    opened.push(new EngineLog(options.folder().resolve("logs")));
    this.servers =
        new ServerSet(
            config.servers(),
            options.folder(),
            options.home(),
            new Ports(folder.portsFile(), Map.of()),
            options.withMariaDb());
    this.view =
        new CityView(
            city, options.synthetic(), options.clock(), options.speed(), servers, () -> ready);
  }

  /** Starts everything; on return data can flow. Closes what was opened when something fails. */
  public void start() {
    try {
      HttpFrontend frontend = openPage();
      opened.push(servers);
      servers.start(event -> options.say().accept("  " + event.english()));
      List<LibraryConfig> departments = options.departments().apply(servers);
      HikariDataSource database =
          Database.open(servers.postgresUrl(), servers.postgresUser(), servers.postgresPassword());
      opened.push(database);
      Topics.create(
          servers.kafka(), config.servers().kafkaPartitions(), config.servers().kafkaReplicas());
      ingestion = push(new Ingestion(config, options, servers, database, metrics));
      QueryLog log = push(QueryLog.start(config.queryLog(), database, options.clock(), metrics));
      libraries = push(new Libraries(config, options, servers, departments, city));
      libraries.sql().tell(log);
      watch =
          push(
              new Watch(
                  config, options, servers, database, metrics, city, ingestion, libraries.sql()));
      LiveHub live = new LiveHub(vertx, watch.alerts(), LiveConfig.defaults());
      hub = live;
      opened.push(
          () -> await(live.close().toCompletionStage().toCompletableFuture(), "the live hub"));
      watch.show(vertx, live);
      register(live);
      flight =
          push(
              new FlightSqlEndpoint(
                  config.server().host(),
                  config.server().flightPort(),
                  libraries.sql(),
                  users::byToken,
                  certificate));
      if (config.server().postgresPort() >= 0) {
        postgres =
            push(
                new PostgresEndpoint(
                    vertx,
                    config.server().host(),
                    config.server().postgresPort(),
                    libraries.sql(),
                    users::byToken,
                    config.limits().queryTime(),
                    certificate));
      }
      push(ingestion.feeds(vertx, users));
      RowAnswers rows = new RowAnswers(libraries.allocator(), workers);
      IndicatorCatalogue known = watch.catalogue();
      frontend.mount(
          List.of(
              new SqlRoutes(libraries.sql(), libraries.allocator(), queries, workers)::mount,
              new QueryLogRoutes(log, workers)::mount,
              new SavedQueryRoutes(new SavedQueries(database, options.clock()), workers)::mount,
              new ObservationRoutes(
                      ingestion.parser(),
                      ingestion.gateway(),
                      ingestion.corrections(),
                      ingestion.deadLetters(),
                      ingestion.registry(),
                      workers)
                  ::mount,
              new AlertRoutes(watch.alerts(), workers)::mount,
              new QuietRoutes(watch.quiet(), workers)::mount,
              new CapRoutes(watch.alerts(), known, "chengmai." + city.code(), workers)::mount,
              new IncidentRoutes(watch.incidents(), options.clock(), workers)::mount,
              new JobRoutes(watch.jobs(), workers)::mount,
              watch.tableQuality(workers)::mount,
              new IndicatorRoutes(
                      watch::cards,
                      watch.newest(),
                      watch.store(),
                      watch.alerts(),
                      watch.detectors()::bands,
                      watch.catalogue()::find,
                      watch.catalogue()::calendar,
                      watch.quality()::find,
                      options.clock(),
                      rows,
                      workers)
                  ::mount,
              new OpenApiRoutes()::mount,
              new LineageRoutes(
                      new Lineages(watch.catalogue(), libraries.sql().origins()),
                      code ->
                          Stream.of(TribuoTrainer.models(known), PatternTrainer.models(known))
                              .flatMap(models -> models.apply(code).stream())
                              .toList(),
                      workers)
                  ::mount,
              new ModelRoutes(watch.models(), options.clock(), workers)::mount,
              new ForecastRoutes(watch.catalogue(), watch.forecasts(), workers)::mount,
              new SnapshotRoutes(watch.catalogue(), watch.snapshot(), options.clock(), rows)::mount,
              new ContributionRoutes(
                      watch.catalogue(), watch.store(), watch.alerts()::between, workers)
                  ::mount,
              new SeriesRoutes(
                      watch.catalogue(),
                      watch.store(),
                      new Comparisons(watch.store(), watch.catalogue().calendars(), city.regions()),
                      options.clock(),
                      rows)
                  ::mount,
              new DefinitionRoutes(
                      watch.catalogue(),
                      Catalogues.sources(options.base(), config),
                      libraries.sql(),
                      libraries.sql()::query,
                      options.clock(),
                      workers,
                      vertx.createSharedWorkerExecutor("definition-check", 2))
                  ::mount,
              router -> LiveRoutes.mount(router, live, HttpFrontend::viewer)));
      vertx.setPeriodic(1000, timer -> tick());
      vertx.setPeriodic(
          1000,
          15_000,
          timer ->
              workers.executeBlocking(
                  () -> {
                    ingestion().refreshHealth();
                    return null;
                  },
                  false));
      new RunningEngine(
              ProcessHandle.current().pid(), address(), flight.port(), postgresPort(), ownToken)
          .write(options.folder());
      opened.push(() -> RunningEngine.delete(options.folder()));
      LOG.atInfo().addKeyValue("address", address()).log("the engine is up");
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private HttpFrontend openPage() {
    opened.push(() -> await(vertx.close().toCompletionStage().toCompletableFuture(), "Vert.x"));
    HttpFrontend frontend = new HttpFrontend(vertx, config.server(), users);
    frontend.mount(
        List.of(
            StaticPages::mount,
            new CityRoutes(view::state)::mount,
            new HealthRoutes(this::health, metrics, workers)::mount));
    http = await(frontend.listen().toCompletionStage().toCompletableFuture(), "the HTTP server");
    return frontend;
  }

  /** Begins to compute and to watch. */
  public void run() {
    watch().run();
    ready = true;
  }

  /**
   * Computes the configured stretch of the past for indicators that this engine has never computed;
   * before {@link #run}.
   */
  public void loadPast() {
    Instant now = options.clock().instant();
    ingestion().awaitVisible();
    judgeTables();
    watch()
        .scheduler()
        .backfillNew(
            now.minus(config.history()),
            now,
            (done, groups, points) ->
                view.progress("计算历史指标", "computing past indicators", done, groups));
    view.done();
  }

  /**
   * Judges the sources' tables by the rules of the catalogue, and goes on doing so; once, and
   * before indicators are computed over what was found.
   */
  public void judgeTables() {
    watch().judgeTables();
  }

  /** Begins to train models, now and then; sensible once there is a past to learn from. */
  public void learn() {
    watch().learn();
  }

  private void register(LiveHub live) {
    metrics.gauge("chengmai.live.clients", live.counts(), LiveCounts::connected);
    metrics.gauge("chengmai.live.frames", live.counts(), LiveCounts::framesSent);
    metrics.gauge("chengmai.live.slow", live.counts(), LiveCounts::slowClosed);
    metrics.gauge("chengmai.live.refused", live.counts(), LiveCounts::refused);
  }

  private void tick() {
    watch().gap().ifPresent(gap -> view.gap(gap.from(), gap.to()));
    CityState.Progress progress = view.progress();
    java.util.Objects.requireNonNull(hub)
        .clock(
            options.clock().instant(),
            options.speed().getAsDouble(),
            progress == null
                ? null
                : new Progress(
                    new Progress.Text(progress.text().zh(), progress.text().en()),
                    progress.done(),
                    progress.total()));
  }

  private List<HealthRoutes.Part> health() {
    List<HealthRoutes.Part> parts = new ArrayList<>();
    servers
        .children()
        .forEach(
            server ->
                parts.add(
                    new HealthRoutes.Part(
                        server.name(),
                        server.state() == org.chengmai.connectors.process.ServerState.READY,
                        server.state()
                            + " "
                            + (server.pid().isPresent()
                                ? "process " + server.pid().getAsLong()
                                : ""))));
    parts.add(new HealthRoutes.Part("engine", ready, ready ? "running" : "starting"));
    if (libraries != null) {
      // told only: without a snapshot the source is asked
      libraries
          .sql()
          .snapshotHealth()
          .forEach((name, problem) -> parts.add(new HealthRoutes.Part(name, true, problem)));
    }
    if (ingestion != null) {
      parts.addAll(ingestion.health());
    }
    if (watch != null) {
      parts.addAll(watch.health());
    }
    return parts;
  }

  private <T extends AutoCloseable> T push(T part) {
    opened.push(part);
    return part;
  }

  static <T> T await(java.util.concurrent.CompletableFuture<T> future, String what) {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, what + ": interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ChengmaiException known
          ? known
          : new ChengmaiException(ErrorCode.INTERNAL, what + ": " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, what + " did not answer within 30 s", e);
    }
  }

  /** Base address of the HTTP server. */
  public URI address() {
    String host = config.server().host().equals("0.0.0.0") ? "127.0.0.1" : config.server().host();
    return URI.create(
        "http://%s:%d".formatted(host, java.util.Objects.requireNonNull(http).actualPort()));
  }

  /**
   * An address that logs in the local administrator; for the terminal of who started the engine.
   */
  public URI logInAddress() {
    return address().resolve("/login?token=" + ownToken);
  }

  public String ownToken() {
    return ownToken;
  }

  public CityView view() {
    return view;
  }

  public City city() {
    return city;
  }

  public ServerSet servers() {
    return servers;
  }

  public Ingestion ingestion() {
    return java.util.Objects.requireNonNull(ingestion, "the engine is not started");
  }

  public Libraries libraries() {
    return java.util.Objects.requireNonNull(libraries, "the engine is not started");
  }

  public Watch watch() {
    return java.util.Objects.requireNonNull(watch, "the engine is not started");
  }

  public PrometheusMeterRegistry metrics() {
    return metrics;
  }

  public int flightPort() {
    return java.util.Objects.requireNonNull(flight, "the engine is not started").port();
  }

  /** Of PostgreSQL's wire protocol; -1 when it is switched off. */
  public int postgresPort() {
    return postgres == null ? -1 : postgres.port();
  }

  /**
   * Stops everything, last opened first. A part that fails to close does not keep the others open.
   */
  @Override
  public void close() {
    ready = false;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        LOG.atWarn().setCause(e).log("a part did not close in order");
      }
    }
    workers.close();
  }
}
