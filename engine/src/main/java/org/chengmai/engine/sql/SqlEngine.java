package org.chengmai.engine.sql;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
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
import org.chengmai.indicators.lineage.QueryOrigins;
import org.jspecify.annotations.Nullable;

/**
 * Federated SQL over all libraries. Safe for use by several threads; blocks its callers.
 *
 * <p>Calcite parses, validates and plans; what one source can do becomes one SQL text for it, the
 * rest runs in embedded DuckDB. Names without a library mean {@code indicators}.
 */
public final class SqlEngine implements QueryRunner, SqlChecker, AutoCloseable {
  /** The engine itself, for its own queries. */
  public static final Principal INTERNAL = new Principal("engine", Role.ADMIN);

  static final String DEFAULT_LIBRARY = "indicators";

  /** In a query whose plan holds its moment, so that planning it ahead would be in vain. */
  private static final Pattern CLOCK =
      Pattern.compile(
          "\\b(now|current_date|current_timestamp|localtimestamp)\\b", Pattern.CASE_INSENSITIVE);

  private final InstantSource clock;
  private final Execution execution;
  private final Workshop workshop;
  private final Query.Start start = new Start();
  private final Catalog catalog = new Catalog();
  private final QueryPlanner planner =
      new QueryPlanner(CalciteSchema.from(catalog.root()), DEFAULT_LIBRARY, Policies.NONE);
  private @Nullable Snapshots snapshots;
  private final Places places;

  private final Queries queries = new Queries();

  private final ScheduledExecutorService watch;
  private final PlanCache plans = new PlanCache();
  private volatile QueryAudit audit = QueryAudit.NONE;

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
    this.clock = clock;
    this.execution = execution;
    this.workshop = new Workshop(limits, catalog.byLibrary(), spill);
    this.places = new Places(limits.queries(), limits.queriesPerUser());
    this.watch =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "sql-time-limit");
              thread.setDaemon(true);
              return thread;
            });
    List<String> problems = new ArrayList<>();
    catalog.root().add(Catalog.INFORMATION_SCHEMA, new InformationSchema(catalog));
    PostgresCatalog.addTypes(
        catalog.root(), catalog.root().add(PostgresCatalog.NAME, new PostgresCatalog(catalog)));
    sources.forEach(catalog::add);
    if (sources.stream().anyMatch(source -> source.library().equals("druid"))) {
      catalog.add(ViewFile.shipped("indicators.sql"), planner, problems);
    }
    views.forEach(file -> catalog.add(file, planner, problems));
    catalog.checkViews(problems);
    if (!problems.isEmpty()) {
      close();
      throw new ChengmaiException(ErrorCode.INVALID_DEFINITION, String.join("\n", problems));
    }
  }

  /** What queries may take. */
  public SqlLimits limits() {
    return workshop.limits();
  }

  /**
   * Memory for Arrow batches of results, into which they come without a copy; closed with the
   * engine.
   *
   * @param limit bytes
   */
  public BufferAllocator newAllocator(String name, long limit) {
    return workshop.newAllocator(name, limit);
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
            workshop.limits().memory(),
            this::whole,
            workshop.limits().time(),
            workshop.duckDb(),
            workshop.memory(),
            catalog.root(),
            clock);
    snapshots = prepared;
    return prepared;
  }

  /** What asks a source for all rows of a table. */
  private Fragment whole(SnapshotConfig table) {
    Plan plan =
        plan(
            BoundQuery.of("SELECT * FROM \"%s\".\"%s\"".formatted(table.library(), table.name())),
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

  /** Says who is told of every query's end, from now on. */
  public void tell(QueryAudit audit) {
    this.audit = audit;
  }

  private FreshSnapshots freshSnapshots() {
    Snapshots taken = snapshots;
    return taken == null ? FreshSnapshots.NONE : taken.fresh(clock.instant());
  }

  @Override
  public Table query(Principal principal, String sql) {
    try (RowStream rows = stream(principal, sql)) {
      List<List<@Nullable Object>> held = new ArrayList<>();
      while (rows.hasNext()) {
        if (held.size() == workshop.limits().rows()) {
          throw new ChengmaiException(
              ErrorCode.RESOURCES,
              "the result has more than %,d rows (limits.query_rows); filter, aggregate or stream it"
                  .formatted(workshop.limits().rows()));
        }
        held.add(rows.next());
      }
      return new Table(rows.columns(), held);
    }
  }

  /** Starts a query whose rows are read as they come; an EXPLAIN answers lines of text. */
  public RowStream stream(Principal principal, String sql) {
    return stream(QueryRequest.of(principal, Via.ENGINE, sql), id -> {});
  }

  /**
   * The same, however it came.
   *
   * @param onArrival gets the query's id before it waits for its turn
   */
  public RowStream stream(QueryRequest request, Consumer<String> onArrival) {
    Query query =
        queries.add(
            request.id().toString(),
            () ->
                new Query(request, clock.instant(), workshop.limits(), places, start, this::ended));
    try {
      query.begin(watch, onArrival);
      return query;
    } catch (RuntimeException | Error e) {
      query.close();
      throw e;
    }
  }

  /**
   * The types of a query's parameters and of its result; it runs later, and may be prepared for
   * several runs. Who watches queries is told when it is wrong or not allowed.
   *
   * @param request without values
   * @param types of the parameters by their names in SQL, as far as they are known; an empty one is
   *     open
   */
  public PreparedQuery prepare(QueryRequest request, List<String> types) {
    Instant started = clock.instant();
    long since = System.nanoTime();
    String sql = request.sql();
    try {
      request.principal().require(Role.ANALYST, "running SQL");
      Explain explain = Explain.of(sql);
      PreparedQuery query = planner.prepare(explain == null ? sql : explain.query(), types);
      return explain == null
          ? query
          : new PreparedQuery(
              sql, query.parameters(), Explain.COLUMNS, ClientTypes.named(Explain.COLUMNS));
    } catch (RuntimeException | StackOverflowError e) {
      ChengmaiException why = SqlErrors.suggesting(SqlErrors.translate(e), catalog, sql);
      tellUnrun(request, sql, started, since, null, why);
      throw why;
    }
  }

  /**
   * The types of the result of a query without parameters. Where its text names no clock, its plan
   * waits some seconds for the run. Who watches queries is told as of {@link #prepare}.
   */
  public Schema shape(QueryRequest request) {
    return Explain.of(request.sql()) != null || CLOCK.matcher(request.sql()).find()
        ? prepare(request, List.of()).shape()
        : planned(request, request.sql(), clock.instant(), System.nanoTime()).shape();
  }

  private Plan planned(QueryRequest request, String shown, Instant started, long since) {
    Explain explain = Explain.of(request.sql());
    try {
      request.principal().require(Role.ANALYST, "running SQL");
      BoundQuery query = request.query();
      return plan(explain == null ? query : query.part(explain.query()));
    } catch (ChengmaiException e) {
      tellUnrun(request, shown, started, since, null, e);
      throw e;
    }
  }

  private void tellUnrun(
      QueryRequest request,
      String sql,
      Instant started,
      long since,
      @Nullable Plan plan,
      @Nullable ChengmaiException why) {
    Duration time = Duration.ofNanos(System.nanoTime() - since);
    audit.ended(
        EndedQuery.unrun(
            request,
            sql,
            started,
            clock.instant(),
            time.toMillis(),
            time.compareTo(audit.slow()) >= 0,
            plan,
            why));
  }

  private void ended(Query query) {
    queries.remove(query.id());
    audit.ended(query.ended(clock.instant(), audit.slow()));
  }

  private final class Start implements Query.Start {
    @Override
    public RowStream run(String user, BoundQuery query, Ending ending) {
      Explain explain = Explain.of(query.sql());
      return explain == null
          ? SqlEngine.this.run(plan(query), user, ending, false)
          : explained(explain, query, user, ending);
    }

    @Override
    public RowStream again(
        String user, BoundQuery query, Ending ending, RowStream failed, ChengmaiException why) {
      if (!(failed instanceof FederatedRows before)) {
        throw why;
      }
      if (SqlErrors.isUnsaid(why.getCause())) {
        return SqlEngine.this.run(before.plan(), user, ending, true);
      }
      catalog.refresh();
      plans.clear();
      Plan plan = plan(query);
      if (plan.questions().equals(before.plan().questions())) {
        throw why;
      }
      if (!plan.columns().equals(before.columns()) || !plan.shape().equals(before.shape())) {
        throw new ChengmaiException(
            ErrorCode.EXTERNAL,
            "%s; a table has changed, and with it the result's columns: run the query again"
                .formatted(why.getMessage()),
            why);
      }
      return SqlEngine.this.run(plan, user, ending, false);
    }
  }

  private RowStream explained(Explain explain, BoundQuery query, String user, Ending ending) {
    long since = System.nanoTime();
    Plan plan = plan(query.part(explain.query()));
    double planning = (System.nanoTime() - since) / 1e6;
    boolean isRun = explain.isAnalyze() && !(plan instanceof EnumerablePlan);
    return new ExplainedRows(
        plan, isRun ? run(plan, user, ending, false) : null, explain.isJson(), planning);
  }

  /**
   * @param isHeld whether DuckDB keeps the whole result first
   */
  private PlannedRows run(Plan plan, String user, Ending ending, boolean isHeld) {
    if (plan instanceof EnumerablePlan enumerable) {
      return new EnumerableRun(enumerable, user, workshop, catalog.root(), ending);
    }
    return plan instanceof TopRowsPlan top
        ? new TopRowsRun(top, part -> new FederatedRun(part, user, workshop, ending, isHeld))
        : new FederatedRun((FederatedPlan) plan, user, workshop, ending, isHeld);
  }

  /** The queries that wait or run, the oldest first: an admin's all, another's own. */
  public List<RunningQuery> queries(Principal principal) {
    return queries.of(principal).stream()
        .map(Query::view)
        .sorted(Comparator.comparing(RunningQuery::since))
        .toList();
  }

  /** Stops a query, also in the sources; NOT_FOUND when it is over, or somebody else's. */
  public void cancel(Principal principal, String id) {
    queries.find(principal, id).cancel();
  }

  /** Stops a query of this engine's own caller; quiet when it is over. */
  public void cancel(String id) {
    queries.find(id).ifPresent(Query::cancel);
  }

  /** How a query stands; NOT_FOUND when it is over, or somebody else's. */
  public RunningQuery running(Principal principal, String id) {
    return queries.find(principal, id).view();
  }

  private SqlNode parse(BoundQuery query) {
    try {
      return planner.parse(query);
    } catch (SqlParseException e) {
      throw SqlErrors.translate(e);
    }
  }

  private Plan plan(BoundQuery query) {
    return plan(query, freshSnapshots());
  }

  private Plan plan(BoundQuery bound, FreshSnapshots fresh) {
    PlanContext context = new PlanContext(clock.instant(), execution, catalog.byLibrary(), fresh);
    try {
      return plans.plan(
          Policies.NONE.hash() + fresh.key(),
          bound,
          this::parse,
          (query, parameters) -> planner.plan(query, context, parameters));
    } catch (RuntimeException | StackOverflowError e) {
      throw SqlErrors.suggesting(SqlErrors.translate(e), catalog, bound.sql());
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

  /** Where the columns of queries come from, by the views and tables that there are. */
  public QueryOrigins origins() {
    return new ColumnOrigins(catalog, planner);
  }

  /** Plans a query, with an EXPLAIN before it or none; it does not run. */
  public Explanation explain(QueryRequest request) {
    Instant started = clock.instant();
    long since = System.nanoTime();
    String sql = request.sql();
    String shown = Explain.of(sql) == null ? "EXPLAIN " + sql : sql;
    Plan plan = planned(request, shown, started, since);
    tellUnrun(request, shown, started, since, plan, null);
    return new Explanation(
        plan.explain(),
        plan.questions().stream()
            .map(question -> Map.entry(question.library(), question.sql()))
            .toList());
  }

  /** The plan of a query, as in {@link #explain(QueryRequest)}. */
  public String explain(Principal principal, String sql) {
    return explain(QueryRequest.of(principal, Via.ENGINE, sql)).plan();
  }

  /** The SQL that each source would get, as in {@link #explain(QueryRequest)}. */
  public List<Map.Entry<String, String>> fragments(Principal principal, String sql) {
    return explain(QueryRequest.of(principal, Via.ENGINE, sql)).fragments();
  }

  /** Libraries, their tables and columns, as the catalogue page shows them. */
  public List<Map<String, Object>> catalog() {
    return catalog.listing();
  }

  /** All tables and views with their exact types. */
  public List<TableShape> tables() {
    return catalog.entries().stream().map(Catalog.TableEntry::table).toList();
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
    workshop.close();
  }
}
