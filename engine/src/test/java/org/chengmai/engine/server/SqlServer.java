package org.chengmai.engine.server;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.RootAllocator;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.dashboards.page.StaticPages;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.engine.config.ServerConfig;
import org.chengmai.engine.config.UserConfig;
import org.chengmai.engine.querylog.QueryLog;
import org.chengmai.engine.querylog.QueryLogConfig;
import org.chengmai.engine.savedquery.SavedQueries;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.indicators.Role;

/**
 * The HTTP server with SQL over a file and a table, and with the query log in a real PostgreSQL,
 * for analysts {@code ana} and {@code ben}, the viewer {@code vi} and the administrator {@code
 * root}, whose tokens are their names.
 *
 * <p>The file {@code base_env.air} has two rows, the table {@code base_rows.numbers} the numbers
 * {@code n} from 1 to 200,000, whose rows come as PostgreSQL finds them.
 */
public final class SqlServer implements AutoCloseable {
  private final TestDatabase database = new TestDatabase();
  private final Vertx vertx = Vertx.vertx();
  private final RootAllocator allocator = new RootAllocator();
  private final SqlEngine engine;
  private final QueryLog log;
  private final URI address;

  /**
   * @param folder an empty one for the files
   */
  public SqlServer(Path folder) throws Exception {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE SCHEMA base_rows; CREATE TABLE base_rows.numbers AS SELECT generate_series(1, 200000) AS n; ANALYZE base_rows.numbers");
    }
    engine = engine(folder);
    log =
        QueryLog.start(
            new QueryLogConfig(true, true, Duration.ofMillis(500), Duration.ofDays(1)),
            database.dataSource(),
            InstantSource.system(),
            new SimpleMeterRegistry());
    engine.tell(log);
    WorkerExecutor looking = vertx.createSharedWorkerExecutor("looking", 2);
    HttpFrontend frontend =
        new HttpFrontend(
            vertx,
            new ServerConfig("127.0.0.1", 0, 0, -1, -1),
            new Users(
                List.of(
                    user("ana", Role.ANALYST),
                    user("ben", Role.ANALYST),
                    user("vi", Role.VIEWER),
                    user("root", Role.ADMIN))));
    frontend.mount(
        List.of(
            new SqlRoutes(engine, allocator, vertx.createSharedWorkerExecutor("sql", 8), looking)
                ::mount,
            new QueryLogRoutes(log, looking)::mount,
            new SavedQueryRoutes(
                    new SavedQueries(database.dataSource(), InstantSource.system()), looking)
                ::mount,
            StaticPages::mount));
    address =
        URI.create(
            "http://127.0.0.1:"
                + frontend
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS)
                    .actualPort());
  }

  private static UserConfig user(String name, Role role) {
    return new UserConfig(name, Users.hash(name), role);
  }

  private SqlEngine engine(Path folder) throws IOException {
    Path air = folder.resolve("air.csv");
    Files.writeString(
        air, "ts,region,v\n2026-01-01 00:10:00,\"城东,\"\"甲\"\"\",10\n2026-01-01 00:40:00,城西,\n");
    return new SqlEngine(
        List.of(
            new FileConfig(List.of(FileTable.of("air", air)), "128MB")
                .open("base_env", folder.resolve("work")),
            new JdbcConfig(
                    database.dataSource().getJdbcUrl(),
                    database.dataSource().getUsername(),
                    database.dataSource().getPassword(),
                    "base_rows",
                    4,
                    1000,
                    Duration.ofSeconds(5))
                .open("base_rows", folder.resolve("base_rows"))),
        List.of(),
        new SqlLimits(1000, Duration.ofSeconds(60), 4, "256MB", Duration.ofSeconds(20)),
        Execution.FEDERATED,
        folder.resolve("spill"),
        InstantSource.system());
  }

  public URI address() {
    return address;
  }

  @Override
  public void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    engine.close();
    log.close();
    allocator.close();
    database.close();
  }
}
