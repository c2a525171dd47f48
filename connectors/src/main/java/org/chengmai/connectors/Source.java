package org.chengmai.connectors;

import java.util.Map;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;

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

  /** Returns when the system behind answers a query; throws EXTERNAL with the cause otherwise. */
  void check();

  /** Tables that cannot be read at the moment, with the reason; empty when all is well. */
  default Map<String, String> problems() {
    return Map.of();
  }

  @Override
  void close();
}
