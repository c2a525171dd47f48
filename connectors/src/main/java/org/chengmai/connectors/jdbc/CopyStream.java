package org.chengmai.connectors.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.chengmai.connectors.arrow.BatchReader;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * One connection of PostgreSQL and the rows that it copies out in binary form. One thread uses it;
 * {@link #cancel()} and {@link #abort()} may come from any.
 */
final class CopyStream {
  /** Signature, flags and the length of an extension. */
  private static final int HEADER = 11 + 4 + 4;

  private final Lease lease;
  private @Nullable Connection connection;
  private @Nullable CopyBytes bytes;
  private boolean isAtEnd;

  CopyStream(HikariDataSource pool) {
    this.lease = new Lease(pool);
  }

  Connection open() throws SQLException {
    Connection opened = lease.open();
    connection = opened;
    lease.begin(opened.unwrap(PGConnection.class)::cancelQuery);
    return opened;
  }

  /** Asks for the rows of a query. */
  void start(String query) throws IOException, SQLException {
    CopyBytes sent =
        new CopyBytes(
            Objects.requireNonNull(connection)
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (" + query + ") TO STDOUT (FORMAT BINARY)"));
    bytes = sent;
    sent.need(HEADER);
    int extension = BigEndian.int4(sent.data(), sent.position() + HEADER - Integer.BYTES);
    sent.skip(HEADER);
    sent.need(extension);
    sent.skip(extension);
  }

  boolean isAtEnd() {
    return isAtEnd;
  }

  /** Writes at most so many rows from the vectors' beginning on; answers how many. */
  int fill(int rows, CopyColumn[] writers) throws IOException, SQLException {
    CopyBytes sent = Objects.requireNonNull(bytes);
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

  void cancel() {
    lease.cancel();
  }

  void abort() {
    lease.abort();
  }

  void close() {
    lease.end(isAtEnd);
  }
}
