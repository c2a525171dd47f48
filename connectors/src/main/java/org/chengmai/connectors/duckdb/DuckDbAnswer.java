package org.chengmai.connectors.duckdb;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.chengmai.connectors.arrow.Answer;
import org.chengmai.connectors.arrow.BatchReader;
import org.chengmai.connectors.pushdown.Connections;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/** An answer of embedded DuckDB: its own Arrow batches, handed on without a copy. */
final class DuckDbAnswer implements Answer {
  /**
   * What the driver says of a streamed query that fails in its first rows; an analysis runs the
   * query without keeping its rows, and fails with the reason.
   */
  private static final String UNSAID = "Invalid result set";

  private static final Pattern NATIVE = Pattern.compile("message=(.*)}$", Pattern.DOTALL);

  private final Connections.Opener connections;
  private final String sql;
  private final BufferAllocator memory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private volatile @Nullable PreparedStatement statement;
  private volatile boolean isCancelled;
  private @Nullable VectorSchemaRoot batch;
  private @Nullable ArrowReader rows;

  DuckDbAnswer(Connections.Opener connections, String sql, BufferAllocator memory) {
    this.connections = connections;
    this.sql = sql;
    this.memory = memory;
  }

  @Override
  public void start(VectorSchemaRoot target) throws SQLException {
    batch = target;
    Connection connection = connections.open();
    open.add(connection);
    String query = cast(connection, target);
    PreparedStatement running = connection.prepareStatement(query);
    open.add(running);
    statement = running;
    if (isCancelled) {
      throw new SQLException("cancelled before it began");
    }
    ResultSet answer = execute(connection, running, query);
    open.add(answer);
    ArrowReader reader =
        (ArrowReader)
            answer.unwrap(DuckDBResultSet.class).arrowExportStream(memory, BatchReader.ROWS);
    open.add(reader);
    rows = reader;
  }

  private ResultSet execute(Connection connection, PreparedStatement running, String query)
      throws SQLException {
    try {
      return running.executeQuery();
    } catch (SQLException e) {
      if (isCancelled || !String.valueOf(e.getMessage()).endsWith(UNSAID)) {
        throw e;
      }
      try (Statement again = connection.createStatement()) {
        again.execute("EXPLAIN ANALYZE " + query);
      }
      throw e;
    }
  }

  /** The SQL with those columns cast that come in another type than wanted; no cast may round. */
  private String cast(Connection connection, VectorSchemaRoot target) throws SQLException {
    try (PreparedStatement described = connection.prepareStatement(sql)) {
      ResultSetMetaData columns =
          Objects.requireNonNull(described.getMetaData(), "the SQL gives no rows");
      if (columns.getColumnCount() != target.getFieldVectors().size()) {
        throw new SQLException(
            "%d columns are expected and %d would come"
                .formatted(target.getFieldVectors().size(), columns.getColumnCount()));
      }
      List<String> names = new ArrayList<>();
      List<String> casts = new ArrayList<>();
      boolean isCast = false;
      for (int i = 0; i < columns.getColumnCount(); i++) {
        FieldVector vector = target.getVector(i);
        String wanted = type(vector.getField().getType());
        String name = "c" + i;
        names.add(name);
        if (columns.getColumnTypeName(i + 1).equals(wanted)) {
          casts.add(name);
        } else {
          isCast = true;
          casts.add(
              vector.getField().getType() instanceof ArrowType.Decimal
                      || vector.getField().getType() instanceof ArrowType.Int
                  ? "CASE WHEN TRY_CAST(%1$s AS %2$s) = %1$s OR %1$s IS NULL THEN CAST(%1$s AS %2$s) ELSE error(%3$s || CAST(%1$s AS VARCHAR) || %4$s) END"
                      .formatted(
                          name,
                          wanted,
                          DuckDbSource.literal("column " + vector.getName() + ": the value "),
                          DuckDbSource.literal(" does not fit into " + wanted))
                  : "CAST(%s AS %s)".formatted(name, wanted));
        }
      }
      return isCast
          ? "SELECT %s FROM (%s) AS t(%s)"
              .formatted(String.join(", ", casts), sql, String.join(", ", names))
          : sql;
    }
  }

  private static String type(ArrowType type) {
    if (type instanceof ArrowType.Decimal decimal) {
      return "DECIMAL(%d,%d)".formatted(decimal.getPrecision(), decimal.getScale());
    }
    if (type instanceof ArrowType.Int integer) {
      return switch (integer.getBitWidth()) {
        case 8 -> "TINYINT";
        case 16 -> "SMALLINT";
        case 32 -> "INTEGER";
        default -> "BIGINT";
      };
    }
    if (type instanceof ArrowType.FloatingPoint real) {
      return switch (real.getPrecision()) {
        case SINGLE -> "FLOAT";
        default -> "DOUBLE";
      };
    }
    if (type instanceof ArrowType.Timestamp time) {
      return time.getTimezone() == null ? "TIMESTAMP" : "TIMESTAMP WITH TIME ZONE";
    }
    return switch (type.getTypeID()) {
      case Bool -> "BOOLEAN";
      case Binary -> "BLOB";
      case Date -> "DATE";
      case Time -> "TIME";
      default -> "VARCHAR";
    };
  }

  @Override
  public int fill(int rowCount) throws SQLException {
    ArrowReader reader = Objects.requireNonNull(rows);
    VectorSchemaRoot from;
    try {
      if (!reader.loadNextBatch()) {
        return 0;
      }
      from = reader.getVectorSchemaRoot();
    } catch (IOException e) {
      // not a lost connection: DuckDB runs in this process
      Matcher told = NATIVE.matcher(String.valueOf(e.getMessage()));
      throw new SQLException(told.find() ? told.group(1) : e.getMessage());
    }
    VectorSchemaRoot to = Objects.requireNonNull(batch);
    for (int i = 0; i < from.getFieldVectors().size(); i++) {
      from.getVector(i).makeTransferPair(to.getVector(i)).transfer();
    }
    return from.getRowCount();
  }

  @Override
  public void cancel() {
    isCancelled = true;
    PreparedStatement running = statement;
    if (running != null) {
      try {
        running.cancel();
      } catch (SQLException e) {
        // it is over: nothing is left to cancel
      }
    }
  }

  @Override
  public void abort() {
    cancel();
  }

  @Override
  public void close() {
    statement = null;
    for (int i = open.size() - 1; i >= 0; i--) {
      try {
        open.get(i).close();
      } catch (Exception e) {
        // DuckDB's part is over with its connection
      }
    }
    open.clear();
  }
}
