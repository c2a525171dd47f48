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
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
 */
final class FederatedRun implements FederatedRows {
  private static final Logger LOG = LoggerFactory.getLogger(FederatedRun.class);
  private static final long BATCH = 16_384;

  private final FederatedPlan plan;
  private final DuckDb duckDb;
  private final BufferAllocator memory;
  private final Runnable onClose;
  private final Ending ending = new Ending();
  private final List<FragmentRows> fetched = new CopyOnWriteArrayList<>();
  private final Map<String, StepReport.Actual> residuals = new ConcurrentHashMap<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private volatile @Nullable Statement residual;
  private @Nullable DuckDBConnection connection;
  private @Nullable ArrowReader result;
  private @Nullable VectorSchemaRoot batch;
  private int row;
  private long read;
  private long startedAt;
  private boolean isOver;
  private boolean isClosed;

  FederatedRun(FederatedPlan plan, DuckDb duckDb, BufferAllocator memory, Runnable onClose) {
    this.plan = plan;
    this.duckDb = duckDb;
    this.memory = memory.newChildAllocator("query", 0, Long.MAX_VALUE);
    this.onClose = onClose;
  }

  @Override
  public List<Table.Column> columns() {
    return plan.columns();
  }

  @Override
  public List<StepReport> report() {
    Map<String, StepReport.Actual> actual = new HashMap<>(residuals);
    fetched.forEach(rows -> actual.put(rows.fragment().name(), rows.actual()));
    return plan.steps().stream()
        .map(step -> new StepReport(step, actual.get(step.name())))
        .toList();
  }

  @Override
  public QueryReport moved() {
    return new QueryReport(
        fetched.stream().mapToLong(rows -> rows.actual().rows()).sum(),
        fetched.stream().mapToLong(rows -> rows.actual().bytes()).sum());
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
      ending.refuseCancelled();
      return true;
    } catch (IOException | SQLException | RuntimeException | OutOfMemoryError e) {
      isOver = true;
      throw ending.failure(e);
    }
  }

  private ArrowReader start() throws SQLException, IOException {
    List<FederatedPlan.Step> steps = plan.steps();
    for (FederatedPlan.Step step : steps.subList(0, steps.size() - 1)) {
      if (step instanceof Fragment fragment) {
        register(fragment);
      } else {
        long since = System.nanoTime();
        residualRan(
            step, execute("CREATE TEMP TABLE %s AS %s".formatted(step.name(), step.sql())), since);
      }
    }
    FederatedPlan.Step last = steps.get(steps.size() - 1);
    return last instanceof Fragment fragment ? opened(fetch(fragment)) : result(last.sql());
  }

  private DuckDBConnection connection() throws SQLException {
    DuckDBConnection known = connection;
    if (known == null) {
      known = opened(duckDb.connect());
      connection = known;
    }
    return known;
  }

  private void register(Fragment fragment) throws SQLException {
    FragmentRows rows = opened(fetch(fragment));
    ArrowArrayStream stream = opened(ArrowArrayStream.allocateNew(memory));
    Data.exportArrayStream(memory, rows, stream);
    connection().registerArrowStream(fragment.name(), stream);
  }

  private FragmentRows fetch(Fragment fragment) throws SQLException {
    Keys keys = fragment.binding() == null ? null : Keys.read(connection(), fragment.binding());
    String sql = keys == null ? fragment.sql() : keys.bind(fragment);
    FragmentRows rows =
        new FragmentRows(
            fragment,
            sql,
            keys == null ? -1 : keys.count(),
            fragment.source().read(sql, fragment.shape(), memory, ending.statements()),
            memory);
    fetched.add(rows);
    return rows;
  }

  private void residualRan(FederatedPlan.Step step, long rows, long since) {
    residuals.put(
        step.name(),
        new StepReport.Actual(
            step.sql(), rows, 0, Duration.ofNanos(System.nanoTime() - since), -1));
  }

  private long execute(String sql) throws SQLException {
    try (Statement statement = statement()) {
      return statement.executeUpdate(sql);
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
    ending.refuseCancelled();
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
  public void cancel() {
    ending.cancel();
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
  public void expire(Duration time) {
    ending.expire(time);
    cancel();
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
    try {
      while (!open.isEmpty()) {
        try {
          open.pop().close();
        } catch (Exception e) {
          LOG.debug("while a query was closed: {}", e.getMessage());
        }
      }
      memory.close();
    } finally {
      onClose.run();
    }
  }
}
