package org.chengmai.connectors.arrow;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.connectors.pushdown.OpenStatements;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Answer} as an Arrow stream: batches, errors that name the library, cancellation, and
 * one new attempt when the connection is lost before the first batch was handed out. Used by one
 * thread at a time; the query may be cancelled by any.
 */
public final class BatchReader extends ArrowReader {
  /** The most rows of a batch. */
  public static final int ROWS = 32_768;

  /** A batch ends when its texts and bytes are about this long. */
  public static final int BYTES = 16 << 20;

  /** Most answers are small, and their first rows are wanted early. */
  private static final int FIRST_ROWS = 2_048;

  private final String library;
  private final String sql;
  private final Schema shape;
  private final OpenStatements query;
  private final Supplier<? extends Answer> answers;
  private final OpenStatements.Work work =
      new OpenStatements.Work() {
        @Override
        public void cancel() {
          Answer running = answer;
          if (running != null) {
            running.cancel();
          }
        }

        @Override
        public void abandon(long deadline) {
          BatchReader.this.abandon(deadline);
        }
      };

  /** Held while the source is asked or read. */
  private final ReentrantLock turn = new ReentrantLock();

  private volatile @Nullable Answer answer;
  private boolean hasDelivered;
  private boolean hasRetried;
  private boolean isOver;
  private @Nullable ChengmaiException failed;
  private long bytes;

  private BatchReader(
      String library,
      String sql,
      Schema shape,
      BufferAllocator memory,
      OpenStatements query,
      Supplier<? extends Answer> answers) {
    super(memory);
    this.library = library;
    this.sql = sql;
    this.shape = shape;
    this.query = query;
    this.answers = answers;
  }

  /**
   * Asks the source and waits until it begins to answer.
   *
   * @param answers makes an answer that is not started yet; called again for a new attempt
   */
  public static ArrowReader open(
      String library,
      String sql,
      Schema shape,
      BufferAllocator memory,
      OpenStatements query,
      Supplier<? extends Answer> answers) {
    BatchReader reader = new BatchReader(library, sql, shape, memory, query, answers);
    try {
      query.begin(reader.work, sql);
      reader.advance(0);
      return reader;
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    prepareLoadNextBatch();
    if (failed != null) {
      throw failed;
    }
    if (isOver) {
      return false;
    }
    int rows = advance(hasDelivered ? ROWS : FIRST_ROWS);
    VectorSchemaRoot batch = getVectorSchemaRoot();
    batch.setRowCount(rows);
    for (FieldVector vector : batch.getFieldVectors()) {
      bytes += vector.getBufferSize();
    }
    hasDelivered = rows > 0;
    if (rows == 0) {
      isOver = true;
      end();
    }
    return rows > 0;
  }

  /** Starts the answer where needed, and reads at most {@code rows} rows. */
  private int advance(int rows) {
    turn.lock();
    try {
      while (true) {
        try {
          return attempt(rows);
        } catch (IOException | SQLException | RuntimeException e) {
          end();
          if (hasDelivered || hasRetried || query.isCancelled() || !isLostConnection(e)) {
            failed = failure(e);
            query.fail(failed);
            throw failed;
          }
          hasRetried = true;
          query.begin(work, sql);
        }
      }
    } finally {
      turn.unlock();
    }
  }

  private int attempt(int rows) throws IOException, SQLException {
    VectorSchemaRoot batch = getVectorSchemaRoot();
    Answer running = answer;
    if (running == null) {
      running = answers.get();
      answer = running;
      refuseCancelled();
      running.start(batch);
    }
    refuseCancelled();
    if (rows == 0) {
      return 0;
    }
    batch.clear();
    for (FieldVector vector : batch.getFieldVectors()) {
      if (vector instanceof BaseFixedWidthVector) {
        vector.setInitialCapacity(rows);
      }
      vector.allocateNew();
    }
    int count = running.fill(rows);
    refuseCancelled();
    return count;
  }

  private void refuseCancelled() throws SQLException {
    if (query.isCancelled()) {
      throw new SQLException("the query was cancelled");
    }
  }

  private void abandon(long deadline) {
    Answer running = answer;
    if (running == null) {
      return;
    }
    try {
      if (!turn.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        // the first request may have come before the source had the query
        running.cancel();
        running.abort();
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.abort();
      return;
    }
    try {
      running.abort();
    } finally {
      turn.unlock();
    }
  }

  /** A connection that was there and is gone, as against a source that cannot be reached. */
  private static boolean isLostConnection(Throwable error) {
    if (error instanceof SQLTransientConnectionException) {
      return false;
    }
    if (error instanceof IOException
        || error instanceof SQLRecoverableException
        || error instanceof SQLNonTransientConnectionException) {
      return true;
    }
    if (error instanceof SQLException sql) {
      String state = Objects.requireNonNullElse(sql.getSQLState(), "");
      // 57P: a PostgreSQL that shuts down or ended the session
      return state.startsWith("08")
          || state.startsWith("57P")
          || sql.getCause() instanceof IOException;
    }
    return error.getCause() instanceof IOException;
  }

  private ChengmaiException failure(Exception error) {
    if (query.isCancelled()) {
      return new ChengmaiException(ErrorCode.CANCELLED, "the query was cancelled", error);
    }
    if (error instanceof OutOfMemoryException) {
      return new ChengmaiException(
          ErrorCode.RESOURCES,
          "source %s: no memory is left for its rows; aggregate or filter more".formatted(library),
          error);
    }
    return new ChengmaiException(
        ErrorCode.EXTERNAL,
        "source %s: %s"
            .formatted(
                library,
                error.getMessage() == null
                    ? error.getClass().getSimpleName()
                    : error.getMessage().strip()),
        error);
  }

  private void end() {
    query.end(work);
    Answer running = answer;
    answer = null;
    if (running != null) {
      running.close();
    }
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() {
    try {
      return super.getVectorSchemaRoot();
    } catch (IOException e) {
      throw new AssertionError("the schema is given", e);
    }
  }

  @Override
  public long bytesRead() {
    return bytes;
  }

  @Override
  public void close() {
    turn.lock();
    try {
      isOver = true;
      super.close();
    } catch (IOException e) {
      throw new AssertionError("nothing here reads", e);
    } finally {
      turn.unlock();
    }
  }

  @Override
  protected void closeReadSource() {
    end();
  }

  @Override
  protected Schema readSchema() {
    return shape;
  }
}
