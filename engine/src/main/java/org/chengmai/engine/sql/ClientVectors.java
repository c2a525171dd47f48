package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampNanoTZVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** A run's own vectors in the types that clients read, column by column. */
final class ClientVectors {
  private ClientVectors() {}

  /** Whether a column can be copied so; any other goes value by value. */
  static boolean copies(FieldVector from, FieldVector to) {
    return isSame(from, to)
        || to instanceof BigIntVector && from instanceof BaseIntVector
        || to instanceof Float8Vector
            && (from instanceof Float4Vector
                || from instanceof DecimalVector
                || from instanceof BaseIntVector)
        || to instanceof TimeStampNanoTZVector
            && (from instanceof TimeStampVector || from instanceof DateDayVector);
  }

  private static boolean isSame(FieldVector from, FieldVector to) {
    ArrowType own = from.getField().getType();
    ArrowType wanted = to.getField().getType();
    if (own instanceof ArrowType.Timestamp time && wanted instanceof ArrowType.Timestamp instant) {
      // times without a zone are in UTC
      return time.getUnit() == instant.getUnit();
    }
    if (own instanceof ArrowType.Decimal number && wanted instanceof ArrowType.Decimal other) {
      return number.getScale() == other.getScale() && number.getBitWidth() == other.getBitWidth();
    }
    return own.equals(wanted);
  }

  /**
   * Puts all values of a column into {@code to}, which is empty before: the same buffers where they
   * are of the same root's memory, as no run writes to a batch again, and a copy elsewhere.
   */
  static void copy(FieldVector from, FieldVector to, BufferAllocator allocator) {
    if (isSame(from, to)) {
      if (from.getAllocator().getRoot() == allocator.getRoot()) {
        load(from, from.getFieldBuffers(), to);
      } else {
        copyBuffers(from, to, allocator);
      }
      return;
    }
    int count = from.getValueCount();
    to.setInitialCapacity(count);
    to.allocateNew();
    if (to instanceof Float8Vector doubles) {
      for (int i = 0; i < count; i++) {
        if (!from.isNull(i)) {
          doubles.set(i, number(from, i));
        }
      }
    } else if (to instanceof TimeStampNanoTZVector times) {
      IntToLongFunction nanos = nanos(from);
      for (int i = 0; i < count; i++) {
        if (!from.isNull(i)) {
          times.set(i, nanos.applyAsLong(i));
        }
      }
    } else {
      BigIntVector integers = (BigIntVector) to;
      for (int i = 0; i < count; i++) {
        if (!from.isNull(i)) {
          integers.set(i, ((BaseIntVector) from).getValueAsLong(i));
        }
      }
    }
    to.setValueCount(count);
  }

  private static double number(FieldVector vector, int row) {
    if (vector instanceof Float4Vector floats) {
      return floats.get(row);
    }
    return vector instanceof DecimalVector decimals
        ? decimals.getObjectNotNull(row).doubleValue()
        : ((BaseIntVector) vector).getValueAsLong(row);
  }

  private static IntToLongFunction nanos(FieldVector vector) {
    if (vector instanceof DateDayVector days) {
      return row -> Math.multiplyExact(days.get(row), TimeUnit.DAYS.toNanos(1));
    }
    TimeStampVector times = (TimeStampVector) vector;
    long unit =
        switch (((ArrowType.Timestamp) vector.getField().getType()).getUnit()) {
          case SECOND -> 1_000_000_000;
          case MILLISECOND -> 1_000_000;
          case MICROSECOND -> 1_000;
          case NANOSECOND -> 1;
        };
    return row -> Math.multiplyExact(times.get(row), unit);
  }

  private static void copyBuffers(FieldVector from, FieldVector to, BufferAllocator allocator) {
    List<ArrowBuf> copies = new ArrayList<>();
    try {
      for (ArrowBuf buffer : from.getFieldBuffers()) {
        ArrowBuf copy = allocator.buffer(Math.max(1, buffer.readableBytes()));
        copies.add(copy);
        copy.setBytes(0, buffer, buffer.readerIndex(), buffer.readableBytes());
        copy.writerIndex(buffer.readableBytes());
      }
      load(from, copies, to);
    } finally {
      copies.forEach(ArrowBuf::close);
    }
  }

  private static void load(FieldVector from, List<ArrowBuf> buffers, FieldVector to) {
    int count = from.getValueCount();
    int nulls = BitVectorHelper.getNullCount(from.getValidityBuffer(), count);
    to.loadFieldBuffers(new ArrowFieldNode(count, nulls), buffers);
  }
}
