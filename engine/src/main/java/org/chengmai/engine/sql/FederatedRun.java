package org.chengmai.engine.sql;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.chengmai.indicators.Table;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a federated plan: sources are asked, DuckDB computes the residual from their rows, the
 * result is read as it comes. Sources are asked when the first row is.
 *
 * <p>Fragments that wait for no keys are asked at the same time. One thread reads; any thread may
 * cancel or look at the report.
 */
final class FederatedRun implements FederatedRows {
  private static final Logger LOG = LoggerFactory.getLogger(FederatedRun.class);
  private static final long BATCH = 16_384;

  private final FederatedPlan plan;
  private final String user;
  private final Workshop workshop;
  private final BufferAllocator memory;
  private final Ending ending;
  private final boolean isHeld;
  private final Intake intake;
  private final Map<String, FragmentRows> asked = new ConcurrentHashMap<>();
  private final Map<String, StepReport.Actual> residuals = new ConcurrentHashMap<>();

  /** The questions on their way, by the fragment's name. */
  private final Map<String, CompletableFuture<FragmentRows>> asking = new HashMap<>();

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private volatile @Nullable Statement residual;
  private SourcePlaces.@Nullable Reservation places;
  private @Nullable DuckDBConnection connection;
  private @Nullable ArrowReader result;
  private @Nullable VectorSchemaRoot batch;

  /** The next row of the batch; beyond it before the first. */
  private int row = Integer.MAX_VALUE;

  private long read;
  private long startedAt;
  private boolean isOver;
  private boolean isClosed;

  /**
   * @param isHeld whether DuckDB keeps the whole result before its first row is read, which is
   *     slower but tells every failure's cause
   */
  FederatedRun(FederatedPlan plan, String user, Workshop workshop, Ending ending, boolean isHeld) {
    this.isHeld = isHeld;
    this.plan = plan;
    this.user = user;
    this.workshop = workshop;
    this.ending = ending;
    this.intake = new Intake(workshop.limits(), workshop.takenBy(user));
    this.memory = workshop.memory();
    ending.onEnd(this::interrupt);
  }

  @Override
  public List<Table.Column> columns() {
    return plan.columns();
  }

  @Override
  public FederatedPlan plan() {
    return plan;
  }

  @Override
  public List<StepReport> report() {
    return plan.steps().stream()
        .map(
            step -> {
              FragmentRows rows = asked.get(step.name());
              return new StepReport(
                  step, rows == null ? residuals.get(step.name()) : rows.actual());
            })
        .toList();
  }

  @Override
  public List<RunningQuery.Step> progress() {
    return report().stream()
        .map(
            report -> {
              String name = report.step().name();
              FragmentRows rows = asked.get(name);
              return report.progress(rows == null ? residuals.containsKey(name) : rows.isRead());
            })
        .toList();
  }

  @Override
  public QueryReport moved() {
    return new QueryReport(
        asked.values().stream().mapToLong(rows -> rows.actual().rows()).sum(),
        asked.values().stream().mapToLong(rows -> rows.actual().bytes()).sum());
  }

  @Override
  public boolean hasNext() {
    if (isOver) {
      return false;
    }
    try {
      ArrowReader reader = result;
      if (reader == null) {
        startedAt = System.nanoTime();
        reader = start();
        result = reader;
        batch = reader.getVectorSchemaRoot();
      }
      while (row >= Objects.requireNonNull(batch).getRowCount()) {
        row = 0;
        if (!reader.loadNextBatch()) {
          isOver = true;
          FederatedPlan.Step last = plan.steps().get(plan.steps().size() - 1);
          if (last instanceof FederatedPlan.Residual) {
            residualRan(last, read, startedAt);
          }
          return false;
        }
        read += Objects.requireNonNull(batch).getRowCount();
      }
      ending.refuseEnded();
      return true;
    } catch (IOException | SQLException | RuntimeException | OutOfMemoryError e) {
      isOver = true;
      throw ending.fail(e);
    }
  }

  private ArrowReader start() throws SQLException, IOException {
    places = workshop.places().reserve(user, plan.questions(), ending);
    Set<String> ready = new HashSet<>();
    askReady(ready);
    List<FederatedPlan.Step> steps = plan.steps();
    for (FederatedPlan.Step step : steps.subList(0, steps.size() - 1)) {
      if (step instanceof Fragment fragment) {
        register(fragment);
      } else {
        long since = System.nanoTime();
        residualRan(step, keep(step.name(), step.sql()), since);
        ready.add(step.name());
        askReady(ready);
      }
    }
    FederatedPlan.Step last = steps.get(steps.size() - 1);
    if (last instanceof Fragment fragment) {
      return opened(rows(fragment));
    }
    if (isHeld) {
      long unused = keep(last.name(), last.sql());
      return result("SELECT * FROM " + last.name());
    }
    return result(last.sql());
  }

  private boolean isCrowded(Fragment fragment) {
    return Objects.requireNonNull(places).isCrowded(fragment.source().library());
  }

  /** Asks all fragments at once that wait for nothing. */
  private void askReady(Set<String> ready) throws SQLException {
    for (FederatedPlan.Step step : plan.steps()) {
      if (step instanceof Fragment fragment
          && !asking.containsKey(fragment.name())
          && !isCrowded(fragment)
          && (fragment.binding() == null || ready.contains(fragment.binding().step()))) {
        ask(fragment);
      }
    }
  }

  private CompletableFuture<FragmentRows> ask(Fragment fragment) throws SQLException {
    String library = fragment.source().library();
    SourcePlaces.Reservation reserved = Objects.requireNonNull(places);
    FragmentRows rows =
        new FragmentRows(
            fragment,
            fragment.binding() == null ? null : Keys.read(connection(), fragment.binding()),
            intake,
            ending,
            memory,
            reserved.connections(library, fragment.connections()),
            () -> reserved.release(library, fragment.connections()));
    asked.put(fragment.name(), rows);
    CompletableFuture<FragmentRows> ask =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                rows.ask();
                return rows;
              } catch (IOException | RuntimeException | OutOfMemoryError e) {
                throw ending.fail(e);
              }
            },
            workshop.asking());
    asking.put(fragment.name(), ask);
    return ask;
  }

  private FragmentRows rows(Fragment fragment) throws SQLException {
    CompletableFuture<FragmentRows> ask = asking.get(fragment.name());
    return ending.await(ask == null ? ask(fragment) : ask);
  }

  private DuckDBConnection connection() throws SQLException {
    DuckDBConnection known = connection;
    if (known == null) {
      known = opened(workshop.duckDb().connect());
      connection = known;
    }
    return known;
  }

  private void register(Fragment fragment) throws SQLException {
    ArrowArrayStream stream = opened(ArrowArrayStream.allocateNew(memory));
    Data.exportArrayStream(memory, opened(rows(fragment)), stream);
    if (isCrowded(fragment)) {
      String once = fragment.name() + "_once";
      connection().registerArrowStream(once, stream);
      long unused = keep(fragment.name(), "SELECT * FROM " + once);
    } else {
      connection().registerArrowStream(fragment.name(), stream);
    }
  }

  private void residualRan(FederatedPlan.Step step, long rows, long since) {
    residuals.put(
        step.name(),
        new StepReport.Actual(
            step.sql(), rows, 0, Duration.ofNanos(System.nanoTime() - since), -1));
  }

  /** Keeps the rows of a query under a name; answers how many they are. */
  private long keep(String name, String sql) throws SQLException {
    try (Statement statement = statement()) {
      return statement.executeUpdate("CREATE TEMP TABLE %s AS %s".formatted(name, sql));
    } finally {
      residual = null;
    }
  }

  private ArrowReader result(String sql) throws SQLException {
    Statement statement = opened(statement());
    ResultSet rows = opened(statement.executeQuery(sql));
    return opened((ArrowReader) ((DuckDBResultSet) rows).arrowExportStream(memory, BATCH));
  }

  private Statement statement() throws SQLException {
    Statement statement = connection().createStatement();
    residual = statement;
    ending.refuseEnded();
    return statement;
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.push(resource);
    return resource;
  }

  @Override
  public List<@Nullable Object> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    List<FieldVector> vectors = Objects.requireNonNull(batch).getFieldVectors();
    List<@Nullable Object> values = new ArrayList<>(plan.outputs().size());
    for (int i = 0; i < plan.outputs().size(); i++) {
      values.add(
          ArrowValues.external(vectors.get(plan.outputs().get(i)), row, plan.types().get(i)));
    }
    row++;
    return values;
  }

  @Override
  public @Nullable List<FieldVector> vectors() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (row > 0) {
      return null;
    }
    VectorSchemaRoot whole = Objects.requireNonNull(batch);
    row = whole.getRowCount();
    return plan.outputs().stream().map(whole::getVector).toList();
  }

  @Override
  public void cancel() {
    ending.cancel();
  }

  private void interrupt() {
    Statement running = residual;
    if (running != null) {
      try {
        running.cancel();
      } catch (SQLException e) {
        // it is over: nothing is left to cancel
      }
    }
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    if (!isOver) {
      cancel();
    }
    isOver = true;
    while (!open.isEmpty()) {
      close(open.pop());
    }
    // a source that does not even begin to answer is waited for by nobody
    CompletableFuture.allOf(asking.values().toArray(CompletableFuture[]::new))
        .whenComplete((nothing, failure) -> free());
  }

  private void free() {
    asked.values().forEach(FederatedRun::close);
    intake.close();
    if (places != null) {
      places.close();
    }
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      LOG.debug("while a query was closed: {}", e.getMessage());
    }
  }
}
