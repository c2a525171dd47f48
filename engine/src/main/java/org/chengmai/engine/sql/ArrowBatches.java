package org.chengmai.engine.sql;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampNanoTZVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.connectors.arrow.Decimals;
import org.jspecify.annotations.Nullable;

/**
 * A result as Arrow batches in the types that a client reads. What a federated run has as vectors
 * is copied column by column. Not thread-safe.
 */
public final class ArrowBatches implements AutoCloseable {
  private static final int ROWS = 8192;

  private final RowStream rows;
  private final BufferAllocator allocator;
  private final VectorSchemaRoot root;

  /**
   * @param rows closed by the caller
   */
  public ArrowBatches(RowStream rows, ClientTypes types, BufferAllocator allocator) {
    this.rows = rows;
    this.allocator = allocator;
    this.root = VectorSchemaRoot.create(types.of(rows.shape()), allocator);
  }

  /** The root that holds the current batch; the same object for all. */
  public VectorSchemaRoot root() {
    return root;
  }

  /** Fills the next batch; false when there is none. */
  public boolean next() {
    if (!rows.hasNext()) {
      return false;
    }
    root.clear();
    List<FieldVector> vectors = rows.vectors();
    root.setRowCount(vectors == null ? byRows() : byColumns(vectors));
    return true;
  }

  private int byColumns(List<FieldVector> vectors) {
    int count = vectors.get(0).getValueCount();
    for (int column = 0; column < vectors.size(); column++) {
      FieldVector from = vectors.get(column);
      FieldVector to = root.getVector(column);
      if (ClientVectors.copies(from, to)) {
        ClientVectors.copy(from, to, allocator);
        continue;
      }
      SqlTypeName type = to instanceof BaseIntVector ? SqlTypeName.BIGINT : SqlTypeName.ANY;
      to.setInitialCapacity(count);
      to.allocateNew();
      for (int row = 0; row < count; row++) {
        set(to, row, ArrowValues.external(from, row, type));
      }
    }
    return count;
  }

  private int byRows() {
    root.getFieldVectors().forEach(vector -> vector.setInitialCapacity(ROWS));
    root.allocateNew();
    int count = 0;
    while (count < ROWS && rows.hasNext()) {
      List<@Nullable Object> row = rows.next();
      for (int column = 0; column < row.size(); column++) {
        set(root.getVector(column), count, row.get(column));
      }
      count++;
    }
    return count;
  }

  private static void set(FieldVector vector, int index, @Nullable Object value) {
    if (value == null) {
      vector.setNull(index);
    } else if (vector instanceof BaseIntVector integers) {
      integers.setWithPossibleTruncate(index, ((Number) value).longValue());
    } else if (vector instanceof Float8Vector floats) {
      floats.setSafe(index, ((Number) value).doubleValue());
    } else if (vector instanceof Float4Vector floats) {
      floats.setSafe(index, ((Number) value).floatValue());
    } else if (vector instanceof DecimalVector decimals) {
      Decimals.set(
          decimals,
          index,
          new BigDecimal(value.toString()).setScale(decimals.getScale(), RoundingMode.HALF_UP));
    } else if (vector instanceof BitVector bits) {
      bits.setSafe(index, (Boolean) value ? 1 : 0);
    } else if (vector instanceof TimeStampNanoTZVector times) {
      times.setSafe(index, nanos(instant(value)));
    } else if (vector instanceof TimeStampMicroTZVector times) {
      times.setSafe(index, Math.floorDiv(nanos(instant(value)), 1000));
    } else if (vector instanceof DateDayVector days) {
      days.setSafe(index, (int) ((LocalDate) value).toEpochDay());
    } else if (vector instanceof TimeMicroVector times) {
      times.setSafe(index, ((LocalTime) value).toNanoOfDay() / 1000);
    } else if (vector instanceof VarBinaryVector bytes) {
      bytes.setSafe(index, HexFormat.of().parseHex(value.toString()));
    } else {
      ((VarCharVector) vector).setSafe(index, value.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Instant instant(Object value) {
    return value instanceof LocalDate date
        ? date.atStartOfDay(ZoneOffset.UTC).toInstant()
        : (Instant) value;
  }

  private static long nanos(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
  }

  @Override
  public void close() {
    root.close();
  }
}
