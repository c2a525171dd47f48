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
import org.apache.arrow.vector.VectorSchemaRoot;
import org.chengmai.connectors.arrow.Answer;
import org.chengmai.connectors.arrow.BatchReader;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * An answer of PostgreSQL by {@code COPY … TO STDOUT (FORMAT BINARY)}, decoded straight into
 * vectors.
 *
 * <p>The binary form does not say what it holds, so the SQL is described first; what has no decoder
 * here is cast by the server.
 */
final class PostgresCopy implements Answer {
  /** Signature, flags and the length of an extension. */
  private static final int HEADER = 11 + 4 + 4;

  private final Lease lease;
  private final String sql;
  private List<CopyColumn> columns = List.of();
  private @Nullable CopyBytes bytes;
  private boolean isAtEnd;

  PostgresCopy(HikariDataSource pool, String sql) {
    this.lease = new Lease(pool);
    this.sql = sql;
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
    Connection connection = lease.open();
    PGConnection postgres = connection.unwrap(PGConnection.class);
    lease.begin(postgres::cancelQuery);
    List<CopyColumn> writers = new ArrayList<>();
    String query = described(connection, batch, writers);
    columns = writers;
    CopyOut copy = postgres.getCopyAPI().copyOut("COPY (" + query + ") TO STDOUT (FORMAT BINARY)");
    CopyBytes sent = new CopyBytes(copy);
    bytes = sent;
    sent.need(HEADER);
    int extension = BigEndian.int4(sent.data(), sent.position() + HEADER - Integer.BYTES);
    sent.skip(HEADER);
    sent.need(extension);
    sent.skip(extension);
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
    CopyBytes sent = Objects.requireNonNull(bytes);
    CopyColumn[] writers = columns.toArray(CopyColumn[]::new);
    long full = sent.taken() + BatchReader.BYTES;
    int row = 0;
    while (row < rows && sent.taken() < full && !isAtEnd) {
      int count = sent.nextShort();
      if (count < 0) {
        if (!sent.isAtEnd()) {
          throw new IOException("something follows the end of the rows");
        }
        isAtEnd = true;
        break;
      }
      if (count != writers.length) {
        throw new SQLException(
            "a row has %d columns instead of %d".formatted(count, writers.length));
      }
      for (CopyColumn writer : writers) {
        int length = sent.nextInt();
        if (length >= 0) {
          sent.need(length);
          writer.set(row, sent.data(), sent.position(), length);
          sent.skip(length);
        }
      }
      row++;
    }
    return row;
  }

  @Override
  public void cancel() {
    lease.cancel();
  }

  @Override
  public void abort() {
    lease.abort();
  }

  @Override
  public void close() {
    lease.end(isAtEnd);
  }
}
