package org.chengmai.engine.sql;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A fragment's rows on their way, counted. One thread reads; the counts may be read by any thread.
 */
final class FragmentRows extends ArrowReader {
  private final Fragment fragment;
  private final String sql;
  private final int keys;
  private final ArrowReader rows;
  private final long startedAt = System.nanoTime();
  private volatile long count;
  private volatile long bytes;
  private volatile long endedAt;

  /**
   * @param sql what the source was asked
   * @param keys how many keys are in it, -1 when all rows are asked for
   */
  FragmentRows(Fragment fragment, String sql, int keys, ArrowReader rows, BufferAllocator memory) {
    super(memory);
    this.fragment = fragment;
    this.sql = sql;
    this.keys = keys;
    this.rows = rows;
  }

  Fragment fragment() {
    return fragment;
  }

  /** What came so far; the time goes from the question to the last row, or to now. */
  StepReport.Actual actual() {
    long end = endedAt == 0 ? System.nanoTime() : endedAt;
    return new StepReport.Actual(sql, count, bytes, Duration.ofNanos(end - startedAt), keys);
  }

  @Override
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread writes
  public boolean loadNextBatch() throws IOException {
    boolean isMore = rows.loadNextBatch();
    if (isMore) {
      VectorSchemaRoot root = rows.getVectorSchemaRoot();
      count += root.getRowCount();
      bytes += root.getFieldVectors().stream().mapToLong(vector -> vector.getBufferSize()).sum();
    } else {
      endedAt = System.nanoTime();
    }
    return isMore;
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
    return rows.getVectorSchemaRoot();
  }

  @Override
  public Map<Long, Dictionary> getDictionaryVectors() {
    return Map.of();
  }

  @Override
  protected Schema readSchema() {
    return fragment.shape();
  }

  @Override
  public long bytesRead() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }

  @Override
  public void close(boolean closeReadSource) throws IOException {
    rows.close(closeReadSource);
  }

  @Override
  protected void closeReadSource() {
    // the rows close their own
  }
}
