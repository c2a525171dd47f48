package org.chengmai.engine.sql;

import java.util.Iterator;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a running query, read once. One thread reads; any thread may cancel. Must be closed:
 * it holds one of the places for running queries.
 *
 * <p>Reading throws RESOURCES when the query's time is over, CANCELLED when it was cancelled,
 * EXTERNAL when a source fails.
 */
public interface RowStream extends Iterator<List<@Nullable Object>>, AutoCloseable {

  /** Name and SQL type of each column. */
  List<Table.Column> columns();

  /** The columns with their exact types; decimals are floats where their digits are not known. */
  default Schema shape() {
    return ClientTypes.named(columns());
  }

  /**
   * The next rows as vectors, one for each column, in Arrow types of the run's own; they are taken
   * then, and stay until the next call. Null where the next rows can only be had one by one.
   *
   * @throws java.util.NoSuchElementException when there is no row
   */
  default @Nullable List<FieldVector> vectors() {
    return null;
  }

  /** What came from the sources so far; nothing where it is not counted. */
  default QueryReport moved() {
    return QueryReport.NOTHING;
  }

  /** Stops the query, also in the sources. */
  void cancel();

  @Override
  void close();
}
