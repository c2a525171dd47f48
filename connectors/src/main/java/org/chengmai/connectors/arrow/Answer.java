package org.chengmai.connectors.arrow;

import java.io.IOException;
import java.sql.SQLException;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * The answer to one SQL text in one source: started once, then read batch by batch. Used by one
 * thread at a time; only {@link #cancel()} and {@link #abort()} may come from another one.
 */
public interface Answer {
  /**
   * Sends the SQL and waits until the source begins to answer.
   *
   * @param batch the vectors that later calls of {@link #fill} write to
   */
  void start(VectorSchemaRoot batch) throws IOException, SQLException;

  /**
   * Writes the next rows to the vectors, which have room for {@code rows} values each.
   *
   * @return how many were written; 0 at the end, when the source's answer was complete
   */
  int fill(int rows) throws IOException, SQLException;

  /** Asks the source to stop; the thread that reads then fails. */
  void cancel();

  /** Ends the connection to the source without another word, for when asking did not help. */
  void abort();

  /** Frees everything at once; an answer that is not read to its end is stopped. */
  void close();
}
