package org.chengmai.engine.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.chengmai.connectors.Source;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.QueryRunner;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SqlChecker;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Federated SQL over all libraries. Safe for use by several threads; blocks its callers.
 *
 * <p>Calcite parses, validates and plans; what one source can do becomes one SQL text for it, the
 * rest runs in embedded DuckDB. Names without a library mean {@code indicators}.
 */
public final class SqlEngine implements QueryRunner, SqlChecker, AutoCloseable {
  /** The engine itself, for its own queries. */
  public static final Principal INTERNAL = new Principal("engine", Role.ADMIN);

  private static final Logger LOG = LoggerFactory.getLogger(SqlEngine.class);
  private static final long BATCH_MEMORY = 512L << 20;
  private static final String DEFAULT_LIBRARY = "indicators";

  private final SqlLimits limits;
  private final InstantSource clock;
  private final Execution execution;
  private final DuckDb duckDb;

  /** Batches on their way; what is kept is in DuckDB, under its own limit. */
  private final BufferAllocator memory = new RootAllocator(BATCH_MEMORY);

  private final Catalog catalog = new Catalog();
  private final QueryPlanner planner =
      new QueryPlanner(CalciteSchema.from(catalog.root()), DEFAULT_LIBRARY, Policies.NONE);
  private @Nullable Snapshots snapshots;
  private final Semaphore places;
  private final ScheduledExecutorService watch;
  private final PlanCache plans = new PlanCache();

  /**
   * @param sources one library each; closed with the engine
   * @param views files of views; they may use each other and any library
   * @param spill the folder for what does not fit into memory
   * @throws ChengmaiException INVALID_DEFINITION with every problem of every view, by file and line
   */
  public SqlEngine(
      List<? extends Source> sources,
      List<ViewFile> views,
      SqlLimits limits,
      Execution execution,
      Path spill,
      InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
    this.execution = execution;
    this.duckDb = new DuckDb(spill, limits.memory());
    this.places = new Semaphore(limits.queries(), true);
    this.watch =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "sql-time-limit");
              thread.setDaemon(true);
              return thread;
            });
    List<String> problems = new ArrayList<>();
    catalog.root().add(Catalog.INFORMATION_SCHEMA, new InformationSchema(catalog));
    sources.forEach(catalog::add);
    if (sources.stream().anyMatch(source -> source.library().equals("druid"))) {
      catalog.add(shipped("indicators.sql"), planner, problems);
    }
    views.forEach(file -> catalog.add(file, planner, problems));
    checkViews(problems);
    if (!problems.isEmpty()) {
      close();
      throw new ChengmaiException(ErrorCode.INVALID_DEFINITION, String.join("\n", problems));
    }
  }

  /**
   * Begins to take snapshots of tables; once, before the first query.
   *
   * @param folder of the files, which later runs find again
   */
  public void takeSnapshots(List<SnapshotConfig> tables, Path folder) {
    prepareSnapshots(tables, folder).start();
  }

  Snapshots prepareSnapshots(List<SnapshotConfig> tables, Path folder) {
    Snapshots prepared =
        new Snapshots(
            tables,
            folder,
            limits.memory(),
            this::whole,
            limits.time(),
            duckDb,
            memory,
            catalog.root(),
            clock);
    snapshots = prepared;
    return prepared;
  }

  /** What asks a source for all rows of a table. */
  private Fragment whole(SnapshotConfig table) {
    Plan plan =
        plan(
            "SELECT * FROM \"%s\".\"%s\"".formatted(table.library(), table.name()),
            FreshSnapshots.NONE);
    if (plan instanceof FederatedPlan federated
        && federated.steps().size() == 1
        && federated.steps().get(0) instanceof Fragment fragment
        && catalog.isTable(table.library(), table.name())) {
      return fragment;
    }
    throw new ChengmaiException(
        ErrorCode.INVALID_INPUT,
        "%s is no table of a source, spelled as in its catalogue; snapshots of views are not taken"
            .formatted(table.table()));
  }

  private FreshSnapshots freshSnapshots() {
    Snapshots taken = snapshots;
    return taken == null ? FreshSnapshots.NONE : taken.fresh(clock.instant());
  }

  private static ViewFile shipped(String name) {
    try (InputStream file = SqlEngine.class.getResourceAsStream(name)) {
      return new ViewFile(
          name.replace(".sql", ""),
          name,
          new String(
              java.util.Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void checkViews(List<String> problems) {
    for (LibraryView view : catalog.views()) {
      try {
        view.getRowType(QueryPlanner.TYPES);
      } catch (RuntimeException e) {
        ChengmaiException error = SqlErrors.translate(e);
        if (error.code().type() == ErrorCode.Type.USER) {
          problems.add(
              "%s:%d: view %s: %s"
                  .formatted(view.file(), view.line(), view.name(), error.getMessage()));
        } else {
          LOG.atWarn()
              .addKeyValue("view", view.library() + "." + view.name())
              .log("cannot be checked yet: {}", error.getMessage());
        }
      }
    }
  }

  @Override
  public Table query(Principal principal, String sql) {
    try (RowStream rows = stream(principal, sql)) {
      List<List<@Nullable Object>> held = new ArrayList<>();
      while (rows.hasNext()) {
        if (held.size() == limits.rows()) {
          throw new ChengmaiException(
              ErrorCode.RESOURCES,
              "the result has more than %,d rows; filter, aggregate or stream it"
                  .formatted(limits.rows()));
        }
        held.add(rows.next());
      }
      return new Table(rows.columns(), held);
    }
  }

  /** Starts a query whose rows are read as they come; an EXPLAIN answers lines of text. */
  public RowStream stream(Principal principal, String sql) {
    principal.require(Role.ANALYST, "running SQL");
    enter();
    boolean isRunning = false;
    try {
      Explain explain = Explain.of(sql);
      if (explain != null) {
        return explained(explain);
      }
      RowStream run = run(plan(sql), places::release);
      isRunning = true;
      return run;
    } finally {
      if (!isRunning) {
        places.release();
      }
    }
  }

  /** Holds the caller's place while an analysed query runs. */
  private RowStream explained(Explain explain) {
    long since = System.nanoTime();
    Plan plan = plan(explain.query());
    double planning = (System.nanoTime() - since) / 1e6;
    if (plan instanceof EnumerablePlan) {
      return new TextRows("plan", plan.explain().lines().toList());
    }
    List<StepReport> report = explain.isAnalyze() ? analysed(plan) : plan.report();
    return new TextRows(
        "plan",
        explain.isJson()
            ? List.of(StepReport.json(report, planning))
            : (plan.remark() + StepReport.text(report, planning)).lines().toList());
  }

  private List<StepReport> analysed(Plan plan) {
    try (RowStream run = run(plan, () -> {})) {
      while (run.hasNext()) {
        run.next();
      }
      return ((FederatedRows) run).report();
    }
  }

  private RowStream run(Plan plan, Runnable onEnd) {
    Future<?>[] expiry = new Future<?>[1];
    Runnable onClose =
        () -> {
          expiry[0].cancel(false);
          onEnd.run();
        };
    ExpiringRun run = started(plan, onClose);
    expiry[0] =
        watch.schedule(
            () -> run.expire(limits.time()), limits.time().toMillis(), TimeUnit.MILLISECONDS);
    return run;
  }

  private ExpiringRun started(Plan plan, Runnable onClose) {
    if (plan instanceof EnumerablePlan enumerable) {
      return new EnumerableRun(enumerable, catalog.root(), limits.time(), onClose);
    }
    return plan instanceof TopRowsPlan top
        ? new TopRowsRun(top, part -> new FederatedRun(part, duckDb, memory, () -> {}), onClose)
        : new FederatedRun((FederatedPlan) plan, duckDb, memory, onClose);
  }

  private void enter() {
    try {
      if (!places.tryAcquire(limits.queue().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ChengmaiException(
            ErrorCode.RESOURCES,
            "%d queries are running and %s of waiting brought no turn; try again"
                .formatted(limits.queries(), limits.queue()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "interrupted while waiting for a turn", e);
    }
  }

  private SqlNode parse(String sql) {
    try {
      return planner.parse(sql);
    } catch (SqlParseException e) {
      throw SqlErrors.translate(e);
    }
  }

  private Plan plan(String sql) {
    return plan(sql, freshSnapshots());
  }

  private Plan plan(String sql, FreshSnapshots fresh) {
    PlanContext context = new PlanContext(clock.instant(), execution, catalog.byLibrary(), fresh);
    try {
      return plans.plan(
          Policies.NONE.hash() + fresh.key(),
          () -> parse(sql),
          (query, parameters) -> planner.plan(query, context, parameters));
    } catch (RuntimeException | StackOverflowError e) {
      throw SqlErrors.suggesting(SqlErrors.translate(e), catalog, sql);
    }
  }

  @Override
  public List<Table.Column> check(String sql) {
    try {
      return planner.columns(sql);
    } catch (RuntimeException e) {
      throw SqlErrors.suggesting(SqlErrors.translate(e), catalog, sql);
    }
  }

  /** The physical plan and the SQL that each source would get. */
  public String explain(Principal principal, String sql) {
    principal.require(Role.ANALYST, "explaining SQL");
    Explain explain = Explain.of(sql);
    return plan(explain == null ? sql : explain.query()).explain();
  }

  /** The SQL that each source would get, as pairs of library and text. */
  public List<Map.Entry<String, String>> fragments(Principal principal, String sql) {
    principal.require(Role.ANALYST, "explaining SQL");
    return plan(sql).questions().stream()
        .map(question -> Map.entry(question.library(), question.sql()))
        .toList();
  }

  /** Libraries, their tables and columns, as the catalogue page shows them. */
  public List<Map<String, Object>> catalog() {
    Map<String, List<Map<String, Object>>> libraries = new LinkedHashMap<>();
    catalog.libraries().forEach(library -> libraries.put(library, new ArrayList<>()));
    for (Catalog.TableEntry table : catalog.entries()) {
      libraries
          .computeIfAbsent(table.library(), library -> new ArrayList<>())
          .add(
              Map.of(
                  "name", table.name(),
                  "type", table.kind(),
                  "columns",
                      table.columns().stream()
                          .map(
                              column ->
                                  Map.of(
                                      "name",
                                      column.name(),
                                      "type",
                                      column.type(),
                                      "nullable",
                                      column.isNullable()))
                          .toList()));
    }
    List<Map<String, Object>> answer = new ArrayList<>();
    libraries.forEach((name, tables) -> answer.add(Map.of("name", name, "tables", tables)));
    return answer;
  }

  /** Each library's state: empty text when its source answers, else the reason. */
  public Map<String, String> health() {
    Map<String, String> health = new LinkedHashMap<>();
    catalog.sources().forEach(source -> health.put(source.library(), state(source)));
    if (execution instanceof TrinoCluster trino) {
      health.put(trino.source().library(), state(trino.source()));
    }
    health.putAll(snapshotHealth());
    return health;
  }

  private static String state(Source source) {
    try {
      source.check();
      return "";
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Each snapshot's state: empty text when the last refresh went well, else the reason. */
  public Map<String, String> snapshotHealth() {
    Snapshots taken = snapshots;
    return taken == null ? Map.of() : taken.health();
  }

  @Override
  public void close() {
    watch.shutdownNow();
    if (snapshots != null) {
      snapshots.close();
    }
    catalog.sources().forEach(Source::close);
    if (execution instanceof TrinoCluster trino) {
      trino.close();
    }
    duckDb.close();
    memory.close();
  }
}
