package org.chengmai.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.chengmai.connectors.kafka.PointTopic;
import org.chengmai.connectors.kafka.Topics;
import org.chengmai.dashboards.BoardIndicator;
import org.chengmai.dashboards.BoardRegion;
import org.chengmai.dashboards.Boards;
import org.chengmai.dashboards.Label;
import org.chengmai.dashboards.grafana.GrafanaClient;
import org.chengmai.dashboards.grafana.GrafanaConfig;
import org.chengmai.dashboards.grafana.GrafanaLive;
import org.chengmai.dashboards.grafana.GrafanaProvisioner;
import org.chengmai.dashboards.live.LiveHub;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.AlertDispatcher;
import org.chengmai.engine.alerts.Ulids;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.duty.CatalogueRules;
import org.chengmai.engine.duty.EscalationWatch;
import org.chengmai.engine.duty.QuietBook;
import org.chengmai.engine.feedback.EvidenceBook;
import org.chengmai.engine.history.Backtests;
import org.chengmai.engine.history.Jobs;
import org.chengmai.engine.history.Restatements;
import org.chengmai.engine.incidents.IncidentBook;
import org.chengmai.engine.incidents.IncidentWatch;
import org.chengmai.engine.ingest.Corrections.Interval;
import org.chengmai.engine.pipeline.CatalogueDetectors;
import org.chengmai.engine.pipeline.CatalogueGroups;
import org.chengmai.engine.pipeline.CitySnapshot;
import org.chengmai.engine.pipeline.Comparisons;
import org.chengmai.engine.pipeline.DetectorRunner;
import org.chengmai.engine.pipeline.Forecasts;
import org.chengmai.engine.pipeline.IndicatorScheduler;
import org.chengmai.engine.pipeline.KafkaDruidIndicatorStore;
import org.chengmai.engine.pipeline.ModelRefitter;
import org.chengmai.engine.pipeline.ModelRegistry;
import org.chengmai.engine.pipeline.NewestPoints;
import org.chengmai.engine.pipeline.PointWriter;
import org.chengmai.engine.pipeline.QualityBook;
import org.chengmai.engine.server.HealthRoutes;
import org.chengmai.engine.server.IndicatorCard;
import org.chengmai.engine.server.QualityRoutes;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.region.City;
import org.chengmai.models.DayClass;

/** Indicators, detectors and alerts: from a period's close to those who are told. */
public final class Watch implements AutoCloseable {
  private final EngineConfig config;
  private final EngineOptions options;
  private final City city;
  private final IndicatorCatalogue catalogue;
  private final PointTopic.Writer writer;
  private final KafkaDruidIndicatorStore store;
  private final QualityBook quality;
  private final TableQuality tables;
  private final AlertBook alerts;
  private final QuietBook quiet;
  private final AlertDispatcher dispatcher;
  private final DetectorRunner detectors;
  private final IndicatorScheduler scheduler;
  private final Learning learning;
  private final IncidentWatch incidents;
  private final EscalationWatch escalation;
  private final Jobs jobs;
  private final Restatements restatements;
  private final ThreadPoolExecutor computing;
  private final NewestPoints newest;
  private final CitySnapshot snapshot;
  private final List<Consumer<List<IndicatorPoint>>> watchers = new CopyOnWriteArrayList<>();

  /** These get points of history, too. */
  private final List<PointWriter> keepers = new CopyOnWriteArrayList<>();

  private final List<Supplier<HealthRoutes.Part>> notes = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> opened = new ArrayList<>();

  Watch(
      EngineConfig config,
      EngineOptions options,
      ServerSet servers,
      DataSource database,
      MeterRegistry metrics,
      City city,
      Ingestion ingestion,
      SqlEngine sql) {
    this.config = config;
    this.options = options;
    this.city = city;
    this.catalogue = Catalogues.indicators(options.base(), config, city, sql);
    PointTopic topic = new PointTopic(servers.kafka(), Topics.INDICATORS);
    this.writer = topic.writer();
    this.store =
        new KafkaDruidIndicatorStore(
            (points, isHistory) -> {
              writer.append(points, isHistory);
              keepers.forEach(keeper -> keeper.append(points, isHistory));
              if (!isHistory) {
                watchers.forEach(watcher -> watcher.accept(points));
              }
            },
            ingestion.druid(),
            "vital_signs");
    this.quality = new QualityBook(database, options.clock());
    ChineseCalendar calendar = catalogue.calendars().days();
    this.newest = new NewestPoints(catalogue, store, options.clock());
    keepers.add(newest::accept);
    this.snapshot =
        new CitySnapshot(
            catalogue, newest, new Comparisons(store, catalogue.calendars(), city.regions()));
    Function<LocalDate, DayClass> dayClass =
        date -> calendar.isWorkday(date) ? DayClass.WORKDAY : DayClass.OFF;
    EvidenceBook evidence =
        new EvidenceBook(
            database, dayClass, key -> newest.of(key).map(IndicatorPoint::trust).orElse(null));
    this.quiet =
        new QuietBook(
            database,
            options.clock(),
            new Ulids(options.clock(), new SplittableRandom()),
            code -> catalogue.find(code).isPresent(),
            code -> city.regions().find(code).isPresent());
    CatalogueRules rules = new CatalogueRules(catalogue, quiet);
    this.alerts =
        AlertBook.open(database, options.clock(), new SplittableRandom(), evidence, rules);
    this.dispatcher = new AlertDispatcher(alerts, database);
    this.learning = new Learning(database, catalogue, store, evidence, dayClass, options.clock());
    this.detectors =
        new DetectorRunner(
            DetectorRunner.Config.defaults(),
            topic,
            new CatalogueDetectors(catalogue, dayClass, rules::isQuiet),
            learning.models(),
            alerts,
            database,
            options.clock(),
            metrics);
    this.escalation = new EscalationWatch(alerts);
    this.incidents =
        new IncidentWatch(database, alerts, catalogue, store, detectors, options.clock());
    this.computing =
        new ThreadPoolExecutor(
            2,
            2,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(1000),
            task -> new Thread(task, "indicator-sql"));
    CatalogueGroups groups =
        new CatalogueGroups(
            catalogue,
            sql,
            SqlEngine.INTERNAL,
            store,
            quality,
            () -> {
              List<Interval> pending = ingestion.corrections().pendingIntervals();
              return time ->
                  pending.stream()
                      .anyMatch(one -> !time.isBefore(one.from()) && time.isBefore(one.to()));
            });
    this.scheduler =
        new IndicatorScheduler(
            new IndicatorScheduler.Config(
                Duration.ofMillis(100), options.historyAge(), Duration.ofMinutes(1)),
            groups,
            watermark -> ingestion.awaitVisible(),
            database,
            store,
            store,
            computing,
            options.clock(),
            metrics);
    ingestion.onCorrected(scheduler::corrected);
    this.tables =
        new TableQuality(
            database,
            city.code(),
            calendar,
            Objects.requireNonNullElseGet(
                Catalogues.sources(options.base(), config), () -> DataCatalogue.load(Map.of())),
            sql,
            computing,
            options.clock());
    this.jobs =
        new Jobs(
            database,
            groups,
            scheduler,
            store,
            sql,
            dayClass,
            new Backtests(
                store,
                new CatalogueDetectors(catalogue, dayClass),
                learning.models()::activated,
                alerts::between),
            options.clock());
    this.restatements = new Restatements(database, catalogue, jobs, options.clock());
    scheduler.onChange(day -> restatements.takeUp());
  }

  /** Sends alerts and points to the wall and, where one is configured, to Grafana. */
  void show(Vertx vertx, LiveHub hub) {
    dispatcher.add("wall", hub);
    watchers.add(hub::publish);
    GrafanaConfig grafana = config.grafana();
    if (grafana.isEnabled()) {
      List<BoardIndicator> boards =
          catalogue.all().stream()
              .filter(definition -> definition.isActive())
              .map(Catalogues::board)
              .toList();
      List<BoardRegion> regions = new ArrayList<>();
      regions.add(new BoardRegion(city.code(), city.name().zh(), city.name().en()));
      city.districts()
          .forEach(d -> regions.add(new BoardRegion(d.code(), d.name().zh(), d.name().en())));
      GrafanaClient client = new GrafanaClient(vertx, grafana);
      GrafanaProvisioner provisioner = new GrafanaProvisioner(vertx, client, grafana);
      GrafanaLive live = new GrafanaLive(vertx, client, grafana, boards, options.clock());
      provisioner.keep(Boards.of(new Label(city.name().zh(), city.name().en()), regions, boards));
      live.resume(alerts.after(Math.max(alerts.floor() - 1, alerts.head() - 1000), 1000));
      dispatcher.add("grafana", live);
      // Grafana away is not the engine's failure: told, but the engine stays ready.
      notes.add(
          () ->
              new HealthRoutes.Part(
                  "grafana",
                  true,
                  provisioner
                      .problem()
                      .or(() -> Optional.ofNullable(live.status().problem()))
                      .orElse("provisioned")));
      watchers.add(live::publish);
      opened.add(client::close);
      opened.add(provisioner::close);
      opened.add(
          () ->
              Engine.await(live.close().toCompletionStage().toCompletableFuture(), "Grafana Live"));
    }
  }

  /** Begins to compute and to watch. */
  void run() {
    snapshot.start();
    learning.startFeedback();
    detectors.start();
    restatements.takeUp();
    scheduler.start();
    jobs.start();
    incidents.start();
    escalation.start();
  }

  /** Judges the sources' tables by their rules, and goes on doing so. Blocks for the first look. */
  void judgeTables() {
    tables.start();
  }

  /** Begins to train models. */
  void learn() {
    learning.startTraining();
  }

  /** The newest stretch in which nothing ran and that was caught up in one go. */
  Optional<IndicatorScheduler.Gap> gap() {
    return scheduler.status().stream()
        .map(IndicatorScheduler.Status::gap)
        .filter(Objects::nonNull)
        .max(Comparator.comparing(IndicatorScheduler.Gap::to));
  }

  List<IndicatorCard> cards() {
    return Catalogues.cards(catalogue, options.clock().instant());
  }

  List<HealthRoutes.Part> health() {
    String failure = detectors.failure();
    List<HealthRoutes.Part> parts = new ArrayList<>();
    parts.add(
        new HealthRoutes.Part(
            "detectors",
            failure == null,
            failure == null ? "%d points behind".formatted(detectors.lag()) : failure));
    notes.forEach(note -> parts.add(note.get()));
    // told only: indicators have a trust of their own
    tables
        .problems()
        .forEach(problem -> parts.add(new HealthRoutes.Part("table quality", true, problem)));
    for (IndicatorScheduler.Status status : scheduler.status()) {
      if (status.failure() != null) {
        parts.add(new HealthRoutes.Part("indicators " + status.name(), false, status.failure()));
      }
    }
    return parts;
  }

  public IndicatorCatalogue catalogue() {
    return catalogue;
  }

  public KafkaDruidIndicatorStore store() {
    return store;
  }

  /** The newest points, in memory. */
  public NewestPoints newest() {
    return newest;
  }

  /** How the city stands now. */
  public CitySnapshot snapshot() {
    return snapshot;
  }

  public QualityBook quality() {
    return quality;
  }

  QualityRoutes tableQuality(WorkerExecutor workers) {
    return tables.routes(workers);
  }

  public AlertBook alerts() {
    return alerts;
  }

  /** Times of works and of exercises. */
  public QuietBook quiet() {
    return quiet;
  }

  /** Alerts that are one happening. */
  public IncidentBook incidents() {
    return incidents.book();
  }

  public DetectorRunner detectors() {
    return detectors;
  }

  public IndicatorScheduler scheduler() {
    return scheduler;
  }

  public ModelRegistry models() {
    return learning.models();
  }

  Forecasts forecasts() {
    return learning.forecasts();
  }

  public ModelRefitter refitter() {
    return learning.refitter();
  }

  public Jobs jobs() {
    return jobs;
  }

  @Override
  public void close() throws Exception {
    snapshot.close();
    incidents.close();
    escalation.close();
    tables.close();
    jobs.close();
    scheduler.close();
    computing.shutdownNow();
    learning.close();
    detectors.close();
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
    dispatcher.close();
    writer.close();
  }
}
