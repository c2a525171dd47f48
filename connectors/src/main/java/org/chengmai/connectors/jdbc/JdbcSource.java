package org.chengmai.connectors.jdbc;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.StatisticsCache;
import org.chengmai.connectors.TableStatistics;
import org.chengmai.connectors.arrow.BatchReader;
import org.chengmai.connectors.pushdown.Connections;
import org.chengmai.connectors.pushdown.OpenStatements;
import org.chengmai.connectors.pushdown.SourceSchema;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A database behind JDBC as a library; {@link JdbcKind} says how the kinds differ. Read only;
 * sessions run in UTC, so naive timestamps are taken for UTC.
 *
 * <p>Connections have autocommit off, without which PostgreSQL's driver ignores the fetch size and
 * holds a whole result in memory.
 */
public final class JdbcSource implements Source {
  private final String library;
  private final JdbcConfig config;
  private final JdbcKind kind;
  private final Drivers drivers;
  private final Pool pool;
  private final StatisticsCache statistics;
  private volatile @Nullable Boolean canCopy;

  public JdbcSource(String library, JdbcConfig config) {
    this.library = library;
    this.config = config;
    if (!config.url().startsWith("jdbc:")) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "source %s: url '%s' does not begin with jdbc:".formatted(library, config.url()));
    }
    this.kind = JdbcKind.of(config.url());
    this.drivers = Drivers.find(library, config.url(), kind, config.drivers());
    this.pool = new Pool(library, pool());
    this.statistics = new StatisticsCache(library, this::readStatistics);
  }

  private HikariConfig pool() {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("source-" + library);
    Properties settings = new Properties();
    kind.properties()
        .forEach((name, value) -> settings.setProperty(name, value.formatted(config.fetchSize())));
    if (kind.isShipped()) {
      pool.setJdbcUrl(config.url());
      pool.setDataSourceProperties(settings);
      if (config.user() != null) {
        pool.setUsername(config.user());
        pool.setPassword(config.password());
      }
    } else {
      pool.setDataSource(new Connections(() -> connect(settings)));
    }
    // one more than answers take, so that the catalogue can be read meanwhile
    pool.setMaximumPoolSize(config.connections() + 1);
    pool.setMinimumIdle(0);
    pool.setConnectionTimeout(config.connectTimeout().toMillis());
    pool.setInitializationFailTimeout(-1);
    pool.setAutoCommit(false);
    pool.setReadOnly(true);
    // commits what the pool itself sends, or the session's zone would be rolled back with the first
    // query
    pool.setIsolateInternalQueries(true);
    if (!kind.session().isEmpty()) {
      pool.setConnectionInitSql(kind.session());
    }
    return pool;
  }

  private Connection connect(Properties settings) throws SQLException {
    Properties all = new Properties();
    all.putAll(settings);
    if (config.user() != null) {
      all.setProperty("user", config.user());
      all.setProperty("password", config.password() == null ? "" : config.password());
    }
    Connection connection = drivers.driver().connect(config.url(), all);
    if (connection == null) {
      throw new SQLException("the driver does not take the URL");
    }
    return connection;
  }

  @Override
  public String library() {
    return library;
  }

  @Override
  public int connections() {
    return config.connections();
  }

  @Override
  public Schema schema(SchemaPlus parent) {
    return SourceSchema.create(
        parent,
        library,
        pool,
        kind.dialect().get(),
        kind.pushdown().get(),
        kind.place().catalog(config),
        kind.place().schema(config));
  }

  @Override
  public ArrowReader read(
      String sql,
      org.apache.arrow.vector.types.pojo.Schema shape,
      BufferAllocator memory,
      OpenStatements query) {
    return read(sql, shape, memory, query, 1);
  }

  @Override
  public boolean divides() {
    return kind.divides();
  }

  @Override
  public ArrowReader read(
      String sql,
      org.apache.arrow.vector.types.pojo.Schema shape,
      BufferAllocator memory,
      OpenStatements query,
      int connections) {
    AtomicBoolean isRepeated = new AtomicBoolean();
    return BatchReader.open(
        library,
        sql,
        shape,
        memory,
        query,
        () -> {
          if (isRepeated.getAndSet(true)) {
            // what ended one connection has probably ended the idle ones too
            pool.getHikariPoolMXBean().softEvictConnections();
          }
          return copies()
              ? new PostgresCopy(pool, sql, connections)
              : new Cursor(pool, sql, config.fetchSize());
        });
  }

  /** Whether the server copies in binary form, asked once. */
  private boolean copies() {
    Boolean known = canCopy;
    if (known == null) {
      if (!kind.copies()) {
        known = false;
      } else {
        try (Connection connection = pool.getConnection()) {
          known = PostgresCopy.isOffered(connection);
          connection.rollback();
        } catch (SQLException e) {
          // down: the query itself says so
          return false;
        }
      }
      canCopy = known;
    }
    return known;
  }

  @Override
  public void check() {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(kind.place() == JdbcKind.Place.USER ? "SELECT 1 FROM DUAL" : "SELECT 1");
    } catch (SQLException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "source %s at %s does not answer: %s".formatted(library, config.url(), e.getMessage()),
          e);
    }
  }

  @Override
  public Optional<TableStatistics> statistics(String table) {
    return statistics.of(table);
  }

  private Map<String, TableStatistics> readStatistics() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      Map<String, TableStatistics> read =
          switch (kind.place()) {
            case PUBLIC ->
                JdbcStatistics.postgres(connection, String.valueOf(kind.place().schema(config)));
            case CATALOG -> JdbcStatistics.mariaDb(connection, config.schema());
            case USER, SCHEMA -> Map.of();
          };
      connection.rollback();
      return read;
    }
  }

  @Override
  public void close() {
    pool.close();
    drivers.close();
  }
}
