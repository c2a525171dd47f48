package org.chengmai.connectors.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.sql.SqlDialect;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.arrow.BatchReader;
import org.chengmai.connectors.pushdown.OpenStatements;
import org.chengmai.connectors.pushdown.Pushdown;
import org.chengmai.connectors.pushdown.SourceSchema;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL or MariaDB database as a library. Read only; sessions run in UTC, so naive
 * timestamps are taken for UTC.
 *
 * <p>Connections have autocommit off, without which PostgreSQL's driver ignores the fetch size and
 * holds a whole result in memory.
 */
public final class JdbcSource implements Source {
  private final String library;
  private final JdbcConfig config;
  private final boolean isMariaDb;
  private final HikariDataSource pool;
  private volatile @Nullable Boolean canCopy;

  public JdbcSource(String library, JdbcConfig config) {
    this.library = library;
    this.config = config;
    this.isMariaDb = config.url().startsWith("jdbc:mariadb:");
    if (!isMariaDb && !config.url().startsWith("jdbc:postgresql:")) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "source %s: url '%s' is neither jdbc:postgresql: nor jdbc:mariadb:"
              .formatted(library, config.url()));
    }
    this.pool = new HikariDataSource(pool());
  }

  private HikariConfig pool() {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("source-" + library);
    pool.setJdbcUrl(config.url());
    if (config.user() != null) {
      pool.setUsername(config.user());
      pool.setPassword(config.password());
    }
    pool.setMaximumPoolSize(config.connections());
    pool.setMinimumIdle(0);
    pool.setConnectionTimeout(config.connectTimeout().toMillis());
    pool.setInitializationFailTimeout(-1);
    pool.setAutoCommit(false);
    pool.setReadOnly(true);
    // commits what the pool itself sends, or the session's zone would be rolled back with the first
    // query
    pool.setIsolateInternalQueries(true);
    if (isMariaDb) {
      pool.addDataSourceProperty("connectionTimeZone", "+00:00");
      pool.addDataSourceProperty("forceConnectionTimeZoneToSession", "true");
      pool.addDataSourceProperty("defaultFetchSize", config.fetchSize());
    } else {
      pool.setConnectionInitSql("SET TIME ZONE 'UTC'");
      pool.addDataSourceProperty("defaultRowFetchSize", config.fetchSize());
      pool.addDataSourceProperty("ApplicationName", "chengmai");
    }
    return pool;
  }

  @Override
  public String library() {
    return library;
  }

  @Override
  public Schema schema(SchemaPlus parent) {
    SqlDialect dialect = isMariaDb ? new MariaDbDialect() : new PostgresDialect();
    @Nullable String schema =
        isMariaDb ? null : config.schema() == null ? "public" : config.schema();
    return SourceSchema.create(
        parent,
        library,
        pool,
        dialect,
        isMariaDb ? new MariaDbPushdown() : new Pushdown(),
        isMariaDb ? config.schema() : null,
        schema);
  }

  @Override
  public ArrowReader read(
      String sql,
      org.apache.arrow.vector.types.pojo.Schema shape,
      BufferAllocator memory,
      OpenStatements query) {
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
          return copies() ? new PostgresCopy(pool, sql) : new Cursor(pool, sql, config.fetchSize());
        });
  }

  /** Whether the server copies in binary form, asked once. */
  private boolean copies() {
    Boolean known = canCopy;
    if (known == null) {
      if (isMariaDb) {
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
      statement.execute("SELECT 1");
    } catch (SQLException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "source %s at %s does not answer: %s".formatted(library, config.url(), e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
