package org.chengmai.connectors.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.chengmai.connectors.arrow.Answer;
import org.chengmai.connectors.arrow.BatchReader;
import org.jspecify.annotations.Nullable;

/** An answer of any database behind JDBC: a forward-only cursor, read value by value. */
final class Cursor implements Answer {
  private final Lease lease;
  private final String sql;
  private final int fetchSize;
  private @Nullable ResultSet rows;
  private CursorColumn[] columns = new CursorColumn[0];
  private boolean isAtEnd;

  Cursor(HikariDataSource pool, String sql, int fetchSize) {
    this.lease = new Lease(pool);
    this.sql = sql;
    this.fetchSize = fetchSize;
  }

  @Override
  public void start(VectorSchemaRoot batch) throws SQLException {
    Statement running =
        lease.open().createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    lease.begin(running::cancel);
    running.setFetchSize(fetchSize);
    ResultSet answer = running.executeQuery(sql);
    rows = answer;
    ResultSetMetaData described = answer.getMetaData();
    if (described.getColumnCount() != batch.getFieldVectors().size()) {
      throw new SQLException(
          "%d columns are expected and %d came"
              .formatted(batch.getFieldVectors().size(), described.getColumnCount()));
    }
    columns = new CursorColumn[described.getColumnCount()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = CursorColumn.of(answer, described, i + 1, batch.getVector(i));
    }
  }

  @Override
  public int fill(int limit) throws SQLException {
    ResultSet answer = Objects.requireNonNull(rows);
    int row = 0;
    long bytes = 0;
    while (row < limit && bytes < BatchReader.BYTES && !isAtEnd) {
      if (!answer.next()) {
        isAtEnd = true;
        break;
      }
      for (CursorColumn column : columns) {
        bytes += column.set(row);
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
    if (!isAtEnd) {
      lease.cancel();
    }
    lease.end(isAtEnd);
  }
}
