package org.chengmai.connectors.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.chengmai.connectors.arrow.Answer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer of PostgreSQL by {@code COPY … TO STDOUT (FORMAT BINARY)}, decoded straight into
 * vectors.
 *
 * <p>The binary form does not say what it holds, so the SQL is described first; what has no decoder
 * here is cast by the server. A scan of one table may be read by several connections, a range of
 * its pages each, all with one snapshot.
 */
final class PostgresCopy implements Answer {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresCopy.class);

  private final HikariDataSource pool;
  private final String sql;
  private final int connections;

  /** The first is there before the others; they are read in turn. */
  private final List<CopyStream> streams = new CopyOnWriteArrayList<>();

  private volatile boolean isCancelled;
  private CopyColumn[] columns = new CopyColumn[0];
  private int turn;

  /**
   * @param connections how many may be used, where the query scans one table
   */
  PostgresCopy(HikariDataSource pool, String sql, int connections) {
    this.pool = pool;
    this.sql = sql;
    this.connections = connections;
  }

  /**
   * Whether a server and its driver copy in binary form, as some that resemble PostgreSQL do not.
   */
  static boolean isOffered(Connection connection) {
    try {
      CopyOut copy =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("COPY (SELECT 1) TO STDOUT (FORMAT BINARY)");
      boolean isBinary = copy.getFormat() == 1;
      while (copy.readFromCopy() != null) {
        // one row
      }
      return isBinary;
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void start(VectorSchemaRoot batch) throws IOException, SQLException {
    CopyStream first = stream();
    Connection connection = first.open();
    List<CopyColumn> writers = new ArrayList<>();
    String query = described(connection, batch, writers);
    columns = writers.toArray(CopyColumn[]::new);
    List<String> ranges = connections > 1 ? ranges(connection, query) : List.of();
    if (ranges.isEmpty()) {
      first.start(query);
    }
    for (int i = 0; i < ranges.size(); i++) {
      streams.get(i).start(ranges.get(i));
    }
  }

  private CopyStream stream() {
    CopyStream stream = new CopyStream(pool);
    streams.add(stream);
    if (isCancelled) {
      stream.cancel();
    }
    return stream;
  }

  /** One text for each stream, all of which see the same state; none where the first reads all. */
  private List<String> ranges(Connection connection, String query) throws SQLException {
    try {
      List<String> ranges = TableRanges.of(connection, query, connections);
      if (!ranges.isEmpty()) {
        String snapshot = TableRanges.share(connection);
        while (streams.size() < ranges.size()) {
          TableRanges.join(stream().open(), snapshot);
        }
      }
      return ranges;
    } catch (SQLException e) {
      // such as a server that resembles PostgreSQL: it is only slower by one connection
      LOG.debug("not read by ranges: {}", e.getMessage());
      while (streams.size() > 1) {
        streams.remove(streams.size() - 1).close();
      }
      connection.rollback();
      return List.of();
    }
  }

  /** The SQL to copy: as it is, or with the columns cast that cannot be decoded. */
  private String described(Connection connection, VectorSchemaRoot batch, List<CopyColumn> writers)
      throws SQLException {
    List<String> names = new ArrayList<>();
    List<String> casts = new ArrayList<>();
    boolean isCast = false;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      ResultSetMetaData described =
          Objects.requireNonNull(statement.getMetaData(), "the SQL gives no rows");
      if (described.getColumnCount() != batch.getFieldVectors().size()) {
        throw new SQLException(
            "%d columns are expected and %d would come"
                .formatted(batch.getFieldVectors().size(), described.getColumnCount()));
      }
      for (int i = 0; i < described.getColumnCount(); i++) {
        CopyColumn column = CopyColumn.of(CopyColumn.Wire.of(described, i + 1), batch.getVector(i));
        names.add("c" + i);
        if (column == null) {
          isCast = true;
          casts.add("CAST(c%d AS %s)".formatted(i, CopyColumn.castType(batch.getVector(i))));
          column = CopyColumn.of(CopyColumn.castWire(batch.getVector(i)), batch.getVector(i));
        } else {
          casts.add("c" + i);
        }
        writers.add(Objects.requireNonNull(column));
      }
    }
    return isCast
        ? "SELECT %s FROM (%s) AS t(%s)"
            .formatted(String.join(", ", casts), sql, String.join(", ", names))
        : sql;
  }

  @Override
  public int fill(int rows) throws IOException, SQLException {
    for (int tried = 0; tried < streams.size(); tried++) {
      CopyStream stream = streams.get(turn++ % streams.size());
      int count = stream.isAtEnd() ? 0 : stream.fill(rows, columns);
      if (count > 0) {
        return count;
      }
    }
    return 0;
  }

  @Override
  public void cancel() {
    isCancelled = true;
    streams.forEach(CopyStream::cancel);
  }

  @Override
  public void abort() {
    streams.forEach(CopyStream::abort);
  }

  @Override
  public void close() {
    streams.forEach(CopyStream::close);
  }
}
