package org.chengmai.connectors;

import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.chengmai.connectors.pushdown.OpenStatements;

/**
 * Someone's data as one library of the federated catalogue. Safe for use by several threads.
 *
 * <p>Opening a source does not need its system to be up: only {@link #check()}, reading the
 * catalogue and queries do, and they throw EXTERNAL.
 */
public interface Source extends AutoCloseable {

  /** The name of the library, which is the name of its schema in SQL. */
  String library();

  /**
   * The library's tables.
   *
   * @param parent the schema under which the engine will add the answer with the name {@link
   *     #library()}
   */
  Schema schema(SchemaPlus parent);

  /**
   * Runs one SQL text in the source's own dialect. The answer's batches have exactly the columns of
   * {@code shape}, in order and type; at most 32,768 rows each. Rows stream: memory is bounded by a
   * few batches. Throws EXTERNAL naming the library when the source fails.
   *
   * <p>Returns when the source has begun to answer. Closing the reader early stops the source.
   *
   * @param shape made by {@link org.chengmai.connectors.arrow.ArrowTypes}
   * @param query cancels the reader, which then fails with CANCELLED
   */
  ArrowReader read(
      String sql,
      org.apache.arrow.vector.types.pojo.Schema shape,
      BufferAllocator memory,
      OpenStatements query);

  /** Whether it reads one answer faster by several connections. */
  default boolean divides() {
    return false;
  }

  /**
   * The same by several connections, where {@link #divides()} and the work can be divided; the rows
   * are of one moment.
   *
   * @param connections the most it may use
   */
  default ArrowReader read(
      String sql,
      org.apache.arrow.vector.types.pojo.Schema shape,
      BufferAllocator memory,
      OpenStatements query,
      int connections) {
    return read(sql, shape, memory, query);
  }

  /** How many answers it gives at a time; each takes one from {@link #read} to its last row. */
  default int connections() {
    return Integer.MAX_VALUE;
  }

  /** Returns when the system behind answers a query; throws EXTERNAL with the cause otherwise. */
  void check();

  /** Tables that cannot be read at the moment, with the reason; empty when all is well. */
  default Map<String, String> problems() {
    return Map.of();
  }

  /**
   * What the source knows of a table's size, fresh enough to plan with; empty when it tells
   * nothing.
   */
  default Optional<TableStatistics> statistics(String table) {
    return Optional.empty();
  }

  @Override
  void close();
}
