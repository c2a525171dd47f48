package org.chengmai.engine.sql;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Types as PostgreSQL's clients know them, by their numbers in its catalogue. The first are what
 * our types become; the others are only told of.
 */
public enum PostgresType {
  BOOL(16, 1, 'B', "boolean", "BOOLEAN"),
  BYTEA(17, -1, 'U', "bytea", "VARBINARY"),
  INT8(20, 8, 'N', "bigint", "BIGINT"),
  INT2(21, 2, 'N', "smallint", "INTEGER"),
  INT4(23, 4, 'N', "integer", "INTEGER"),
  TEXT(25, -1, 'S', "text", ""),
  FLOAT4(700, 4, 'N', "real", "DOUBLE"),
  FLOAT8(701, 8, 'N', "double precision", "DOUBLE"),
  DATE(1082, 4, 'D', "date", "DATE"),
  TIME(1083, 8, 'D', "time without time zone", "TIME"),
  TIMESTAMP(1114, 8, 'D', "timestamp without time zone", "TIMESTAMP"),
  /** Our times are instants; PostgreSQL's {@code timestamp} would leave their zone open. */
  TIMESTAMPTZ(1184, 8, 'D', "timestamp with time zone", "TIMESTAMP"),
  INTERVAL(1186, 16, 'T', "interval", ""),
  NUMERIC(1700, -1, 'N', "numeric", "DECIMAL"),
  CHAR(18, 1, 'Z', "\"char\"", ""),
  NAME(19, 64, 'S', "name", ""),
  OID(26, 4, 'N', "oid", ""),
  BPCHAR(1042, -1, 'S', "character", ""),
  VARCHAR(1043, -1, 'S', "character varying", ""),
  REGCLASS(2205, 4, 'N', "regclass", ""),
  REGTYPE(2206, 4, 'N', "regtype", ""),
  REGPROC(24, 4, 'N', "regproc", ""),
  REGROLE(4096, 4, 'N', "regrole", ""),
  REGNAMESPACE(4089, 4, 'N', "regnamespace", "");

  private static final Map<Integer, PostgresType> BY_OID =
      Arrays.stream(values()).collect(Collectors.toMap(PostgresType::oid, Function.identity()));

  private final int oid;
  private final int size;
  private final char category;
  private final String words;
  private final String parameter;

  PostgresType(int oid, int size, char category, String words, String parameter) {
    this.oid = oid;
    this.size = size;
    this.category = category;
    this.words = words;
    this.parameter = parameter;
  }

  public int oid() {
    return oid;
  }

  /** In bytes; -1 when it varies. */
  public int size() {
    return size;
  }

  /** The letter of its category in {@code pg_type}. */
  char category() {
    return category;
  }

  /** As people write it. */
  String words() {
    return words;
  }

  /** As {@code pg_type} names it. */
  String typeName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The type in {@link SqlEngine#prepare} of a parameter that the client says is of this type;
   * empty when the query decides, as it does for texts: drivers send most things as such.
   */
  public String parameter() {
    return parameter;
  }

  /** Of a column, by its type's name in SQL. */
  public static PostgresType of(String sqlType) {
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
  public static Optional<PostgresType> byOid(int oid) {
    return Optional.ofNullable(BY_OID.get(oid));
  }
}
