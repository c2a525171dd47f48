package org.chengmai.engine.sql;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.connectors.druid.DruidSource;
import org.chengmai.engine.RealServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtendWith;

/** Druid's answers over HTTP, on tables that stand in its SQL. */
@ExtendWith(RealServers.class)
final class DruidReaderIT extends ArrowReaderContract {
  private static final String BROKER = System.getProperty("chengmai.test.druid.broker");

  private DruidClient client;

  @Override
  Source open(Path work) {
    Assumptions.assumeTrue(BROKER != null, "no Druid: chengmai.test.druid.broker is not set");
    client =
        new DruidClient(
            URI.create(BROKER), URI.create(System.getProperty("chengmai.test.druid.coordinator")));
    return new DruidSource(LIBRARY, client, List.of());
  }

  @Override
  boolean has(SqlTypeName type) {
    return switch (type) {
      case SMALLINT, TINYINT, REAL, DECIMAL, VARBINARY, TIME -> false;
      default -> true;
    };
  }

  /** A time that is always null is more than Druid's planner can bear. */
  @Override
  boolean canBeNull(SqlTypeName type) {
    return type != SqlTypeName.DATE && type != SqlTypeName.TIMESTAMP;
  }

  @Override
  String literal(SqlTypeName type, @Nullable String value) {
    if (value == null) {
      return "CAST(NULL AS %s)".formatted(type.getName());
    }
    return switch (type) {
      case VARCHAR -> "U&'%s'".formatted(escaped(value));
      case TIMESTAMP -> "TIME_PARSE('%sZ')".formatted(value.replace(' ', 'T'));
      default -> "CAST('%s' AS %s)".formatted(value, type.getName());
    };
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (char c : text.toCharArray()) {
      escaped.append(c < 128 && c != '\\' && c != '\'' ? c : "\\%04x".formatted((int) c));
    }
    return escaped.toString().replace("\\0027", "''");
  }

  @Override
  String fraction() {
    return ".123";
  }

  /** Druid makes no rows by itself: a product of constants. */
  @Override
  String numbers(long count) {
    long side = (long) Math.ceil(Math.sqrt(count));
    return "SELECT a.x * %1$d + b.x AS n FROM (VALUES %2$s) a(x) CROSS JOIN (VALUES %2$s) b(x) WHERE a.x * %1$d + b.x < %3$d"
        .formatted(side, constants(side), count);
  }

  @Override
  long endless() {
    return 9_000_000;
  }

  private static String constants(long count) {
    return LongStream.range(0, count).mapToObj("(%d)"::formatted).collect(Collectors.joining(","));
  }

  @Override
  String slow() {
    // Druid goes on with it after it was cancelled, because no row of a segment is read: half a
    // minute is long enough
    return "SELECT COUNT(*) AS n FROM (VALUES %1$s) a(x) CROSS JOIN (VALUES %1$s) b(x) CROSS JOIN (VALUES %2$s) c(x) WHERE a.x + b.x + c.x <> 7"
        .formatted(constants(3000), constants(60));
  }

  @Override
  long running() {
    return callsOf("org.chengmai.connectors.druid.DruidAnswer");
  }
}
