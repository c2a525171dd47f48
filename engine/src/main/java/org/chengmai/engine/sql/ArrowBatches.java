package org.chengmai.engine.sql;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampNanoTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/**
 * A result as Arrow batches, in the few types that every client reads: text, 64-bit integer and
 * float, boolean, and nanoseconds in UTC. Decimals become floats and dates midnights, because
 * Grafana leaves other columns silently empty. What a federated run has as vectors is copied column
 * by column. Not thread-safe.
 */
public final class ArrowBatches implements AutoCloseable {
  private static final int ROWS = 8192;
  private static final FieldType TIME =
      FieldType.nullable(new ArrowType.Timestamp(TimeUnit.NANOSECOND, "UTC"));

  private final RowStream rows;
  private final BufferAllocator allocator;
  private final VectorSchemaRoot root;

  /**
   * @param rows closed by the caller
   */
  public ArrowBatches(RowStream rows, BufferAllocator allocator) {
    this.rows = rows;
    this.allocator = allocator;
    this.root = VectorSchemaRoot.create(schema(rows.columns()), allocator);
  }

  /** The Arrow schema of a result. */
  public static Schema schema(List<Table.Column> columns) {
    return new Schema(
        columns.stream()
            .map(column -> new Field(column.name(), type(column.type()), null))
            .toList());
  }

  private static FieldType type(String sqlType) {
    return switch (sqlType) {
      case "TINYINT", "SMALLINT", "INTEGER", "BIGINT" ->
          FieldType.nullable(new ArrowType.Int(64, true));
      case "REAL", "FLOAT", "DOUBLE", "DECIMAL" ->
          FieldType.nullable(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));
      case "BOOLEAN" -> FieldType.nullable(ArrowType.Bool.INSTANCE);
      case "TIMESTAMP", "TIMESTAMP_WITH_LOCAL_TIME_ZONE", "TIMESTAMP_TZ", "DATE" -> TIME;
      default -> FieldType.nullable(ArrowType.Utf8.INSTANCE);
    };
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
      SqlTypeName type = to instanceof BigIntVector ? SqlTypeName.BIGINT : SqlTypeName.ANY;
      to.allocateNew();
      for (int row = 0; row < count; row++) {
        set(to, row, ArrowValues.external(from, row, type));
      }
    }
    return count;
  }

  private int byRows() {
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
    } else if (vector instanceof BigIntVector integers) {
      integers.setSafe(index, ((Number) value).longValue());
    } else if (vector instanceof Float8Vector floats) {
      floats.setSafe(
          index,
          value instanceof BigDecimal decimal
              ? decimal.doubleValue()
              : ((Number) value).doubleValue());
    } else if (vector instanceof BitVector bits) {
      bits.setSafe(index, (Boolean) value ? 1 : 0);
    } else if (vector instanceof TimeStampNanoTZVector times) {
      times.setSafe(
          index,
          nanos(
              value instanceof LocalDate date
                  ? date.atStartOfDay(ZoneOffset.UTC).toInstant()
                  : (Instant) value));
    } else {
      ((VarCharVector) vector).setSafe(index, value.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static long nanos(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
  }

  @Override
  public void close() {
    root.close();
  }
}
