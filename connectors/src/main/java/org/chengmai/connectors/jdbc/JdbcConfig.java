package org.chengmai.connectors.jdbc;

import java.nio.file.Path;
import java.time.Duration;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.SourceConfig;
import org.jspecify.annotations.Nullable;

/**
 * A database behind JDBC.
 *
 * @param url {@code jdbc:postgresql://host/database}, {@code jdbc:mariadb://host/database}, or of
 *     any other database whose driver is on the class path or in {@code drivers}
 * @param schema the schema that becomes the library; PostgreSQL: {@code public} when absent
 * @param connections the most answers at a time, one connection each; one more reads the catalogue
 * @param fetchSize rows fetched per round trip, so that a big result never sits in memory as a
 *     whole
 * @param connectTimeout how long a query waits for a connection
 * @param drivers a folder of JDBC drivers' jars
 */
public record JdbcConfig(
    String url,
    @Nullable String user,
    @Nullable String password,
    @Nullable String schema,
    int connections,
    int fetchSize,
    Duration connectTimeout,
    @Nullable Path drivers)
    implements SourceConfig {

  /** With the drivers that are on the class path. */
  public JdbcConfig(
      String url,
      @Nullable String user,
      @Nullable String password,
      @Nullable String schema,
      int connections,
      int fetchSize,
      Duration connectTimeout) {
    this(url, user, password, schema, connections, fetchSize, connectTimeout, null);
  }

  /** Eight connections, 10,000 rows a fetch, five seconds. */
  public static JdbcConfig of(String url, @Nullable String user, @Nullable String password) {
    return new JdbcConfig(url, user, password, null, 8, 10_000, Duration.ofSeconds(5));
  }

  @Override
  public Source open(String library, Path work) {
    return new JdbcSource(library, this);
  }
}
