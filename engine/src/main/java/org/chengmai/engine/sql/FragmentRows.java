package org.chengmai.engine.sql;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A fragment's rows on their way, counted. One thread asks, one reads; the counts may be read by
 * any thread.
 */
final class FragmentRows extends ArrowReader {
  private final Fragment fragment;
  private final String sql;
  private final int keys;
  private final Intake intake;
  private final Ending ending;
  private final int connections;
  private final Runnable onLast;
  private final BufferAllocator memory;
  private final long startedAt = System.nanoTime();
  private volatile @Nullable ArrowReader rows;

  /** Whether the first batch waits to be taken, and whether there is one. */
  private volatile boolean isAhead;

  private volatile boolean hasFirst;
  private volatile long count;
  private volatile long bytes;
  private volatile long endedAt;

  /**
   * @param keys of a bind join, null when all rows are asked for
   * @param connections how many its source may use
   * @param onLast runs once, when the source has sent everything
   */
  FragmentRows(
      Fragment fragment,
      @Nullable Keys keys,
      Intake intake,
      Ending ending,
      BufferAllocator memory,
      int connections,
      Runnable onLast) {
    super(memory);
    this.fragment = fragment;
    this.sql = keys == null ? fragment.sql() : keys.bind(fragment);
    this.keys = keys == null ? -1 : keys.count();
    this.intake = intake;
    this.ending = ending;
    this.memory = memory;
    this.connections = connections;
    this.onLast = onLast;
  }

  Fragment fragment() {
    return fragment;
  }

  /** Asks the source and waits for its first rows, so that it fails now if at all it can. */
  void ask() throws IOException {
    rows = fragment.source().read(sql, fragment.shape(), memory, ending.statements(), connections);
    hasFirst = load();
    isAhead = true;
  }

  /** What came so far; the time goes from the question to the last row, or to now. */
  StepReport.Actual actual() {
    long end = endedAt == 0 ? System.nanoTime() : endedAt;
    return new StepReport.Actual(sql, count, bytes, Duration.ofNanos(end - startedAt), keys);
  }

  boolean isRead() {
    return endedAt != 0;
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    if (isAhead) {
      isAhead = false;
      return hasFirst;
    }
    return load();
  }

  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread writes
  private boolean load() throws IOException {
    boolean isMore = answer().loadNextBatch();
    if (isMore) {
      VectorSchemaRoot root = answer().getVectorSchemaRoot();
      long size = root.getFieldVectors().stream().mapToLong(vector -> vector.getBufferSize()).sum();
      count += root.getRowCount();
      bytes += size;
      try {
        intake.add(fragment.source().library(), root.getRowCount(), size);
      } catch (RuntimeException e) {
        throw ending.fail(e);
      }
    } else if (!isRead()) {
      endedAt = System.nanoTime();
      onLast.run();
    }
    return isMore;
  }

  private ArrowReader answer() {
    return Objects.requireNonNull(rows, "asked first");
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
    return answer().getVectorSchemaRoot();
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
    close(true);
  }

  @Override
  public void close(boolean closeReadSource) throws IOException {
    ArrowReader open = rows;
    if (open != null) {
      open.close(closeReadSource);
    }
  }

  @Override
  protected void closeReadSource() {
    // the rows close their own
  }
}
