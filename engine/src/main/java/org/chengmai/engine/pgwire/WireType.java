package org.chengmai.engine.pgwire;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The types of PostgreSQL that our types become, by their numbers in its catalogue. */
enum WireType {
  BOOL(16, 1, "BOOLEAN"),
  BYTEA(17, -1, "VARBINARY"),
  INT8(20, 8, "BIGINT"),
  INT2(21, 2, "INTEGER"),
  INT4(23, 4, "INTEGER"),
  TEXT(25, -1, ""),
  FLOAT4(700, 4, "DOUBLE"),
  FLOAT8(701, 8, "DOUBLE"),
  DATE(1082, 4, "DATE"),
  TIME(1083, 8, "TIME"),
  TIMESTAMP(1114, 8, "TIMESTAMP"),
  /** Our times are instants; PostgreSQL's {@code timestamp} would leave their zone open. */
  TIMESTAMPTZ(1184, 8, "TIMESTAMP"),
  INTERVAL(1186, 16, ""),
  NUMERIC(1700, -1, "DECIMAL");

  private static final Map<Integer, WireType> BY_OID =
      Arrays.stream(values()).collect(Collectors.toMap(WireType::oid, Function.identity()));

  private final int oid;
  private final int size;
  private final String sql;

  WireType(int oid, int size, String sql) {
    this.oid = oid;
    this.size = size;
    this.sql = sql;
  }

  int oid() {
    return oid;
  }

  /** In bytes; -1 when it varies. */
  int size() {
    return size;
  }

  /**
   * The type of a parameter that the client says is of this type; empty when the query decides, as
   * it does for texts: drivers send most things as such.
   */
  String sql() {
    return sql;
  }

  /** Of a column, by its type's name in SQL. */
  static WireType of(String sqlType) {
    return switch (sqlType) {
      case "BOOLEAN" -> BOOL;
      case "TINYINT", "SMALLINT" -> INT2;
      case "INTEGER" -> INT4;
      case "BIGINT" -> INT8;
      case "REAL" -> FLOAT4;
      case "FLOAT", "DOUBLE" -> FLOAT8;
      case "DECIMAL" -> NUMERIC;
      case "DATE" -> DATE;
      case "TIME" -> TIME;
      case "TIMESTAMP", "TIMESTAMP_WITH_LOCAL_TIME_ZONE", "TIMESTAMP_TZ" -> TIMESTAMPTZ;
      case "BINARY", "VARBINARY" -> BYTEA;
      default ->
          sqlType.startsWith("INTERVAL") && !sqlType.contains("YEAR") && !sqlType.contains("MONTH")
              ? INTERVAL
              : TEXT;
    };
  }

  /** By PostgreSQL's number; empty for one that has no counterpart here. */
  static Optional<WireType> byOid(int oid) {
    return Optional.ofNullable(BY_OID.get(oid));
  }
}
