package org.chengmai.connectors.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

final class PostgresServerIT extends ServerContract<PostgresServer> {
  @Override
  PostgresServer create(Path data, Ports ports) {
    return new PostgresServer(data, ports);
  }

  @Override
  void write(PostgresServer server, int number) throws SQLException {
    server.createDatabase("城");
    server.createDatabase("城");
    try (Connection connection = connect(server, "城");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS t(n int, words text)");
      statement.execute("INSERT INTO t VALUES (%d, '城脉 𠮷野家')".formatted(number));
    }
  }

  @Override
  int read(PostgresServer server) throws SQLException {
    return Integer.parseInt(ask(server, "城", "SELECT count(*) FROM t WHERE words = '城脉 𠮷野家'"));
  }

  @Test
  void durabilityIsOn() throws SQLException {
    for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
      assertThat(ask(server(), "postgres", "SHOW " + setting)).as(setting).isEqualTo("on");
    }
  }

  @Test
  void textIsUtf8AndTimeIsUtcWhateverTheMachinesLocale() throws SQLException {
    assertThat(ask(server(), "postgres", "SHOW server_encoding")).isEqualTo("UTF8");
    assertThat(
            ask(
                server(),
                "postgres",
                "SELECT datlocale FROM pg_database WHERE datname = 'postgres'"))
        .isEqualTo("C.UTF-8");
    assertThat(ask(server(), "postgres", "SELECT upper('été')")).isEqualTo("ÉTÉ");
    assertThat(ask(server(), "postgres", "SELECT current_setting('log_timezone')"))
        .isEqualTo("UTC");
  }

  @Test
  void nobodyEntersWithoutThePassword() throws Exception {
    assertThatThrownBy(
            () -> DriverManager.getConnection(server().address(), server().user(), "wrong"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password");
    Path password = server().log().resolveSibling("password");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
        .isEqualTo("rw-------");
    assertThat(ProcessTable.commandLine(server().pid().orElseThrow()))
        .doesNotContain(server().password());
  }

  private static String ask(PostgresServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = connect(server, database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static Connection connect(PostgresServer server, String database) throws SQLException {
    return DriverManager.getConnection(server.url(database), server.user(), server.password());
  }
}
