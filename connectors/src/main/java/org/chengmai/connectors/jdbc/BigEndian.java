package org.chengmai.connectors.jdbc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in network order. */
final class BigEndian {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private BigEndian() {}

  static short int2(byte[] data, int at) {
    return (short) SHORT.get(data, at);
  }

  static int int4(byte[] data, int at) {
    return (int) INT.get(data, at);
  }

  static long int8(byte[] data, int at) {
    return (long) LONG.get(data, at);
  }
}
