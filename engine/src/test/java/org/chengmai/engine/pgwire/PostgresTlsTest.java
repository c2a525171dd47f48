package org.chengmai.engine.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.chengmai.engine.tls.TestCertificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL's JDBC driver and raw sockets on an endpoint with a certificate. */
final class PostgresTlsTest {
  private static final int SSL = 80877103;

  @TempDir private static Path folder;
  private static PostgresServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new PostgresServer(folder, TestCertificates.read(folder, "own"));
    TestCertificates.make(folder, "other", "-keyalg", "EC");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static Connection connect(String host, String options) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/chengmai?%s".formatted(host, server.port(), options),
        "ana",
        "secret");
  }

  private static void assertAnswers(Connection opened) throws SQLException {
    try (Connection connection = opened;
        ResultSet rows =
            connection.createStatement().executeQuery("select region from env.air where v = 20")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("城西");
    }
  }

  @Test
  void clientsSpeakTls() throws Exception {
    assertAnswers(connect("localhost", "sslmode=require"));
    assertAnswers(connect("localhost", ""));
    assertAnswers(
        connect("localhost", "sslmode=verify-full&sslrootcert=" + folder.resolve("own.pem")));
  }

  @Test
  void anotherCertificateOrNameIsNotTrusted() {
    assertThatThrownBy(
            () ->
                connect(
                    "localhost", "sslmode=verify-full&sslrootcert=" + folder.resolve("other.pem")))
        .isInstanceOf(SQLException.class);
    assertThatThrownBy(
            () ->
                connect(
                    "127.0.0.1", "sslmode=verify-full&sslrootcert=" + folder.resolve("own.pem")))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void aTokenIsNotTakenInPlainText() {
    assertThatThrownBy(() -> connect("localhost", "sslmode=disable"))
        .isInstanceOfSatisfying(
            SQLException.class, error -> assertThat(error.getSQLState()).isEqualTo("28000"))
        .hasMessageContaining("log-ins are taken over TLS only; connect with sslmode=require");
  }

  @Test
  @Timeout(60)
  void plainTextBehindTheRequestForTlsIsRefused() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      byte[] talk = new byte[30];
      talk[3] = 8;
      for (int i = 0; i < 4; i++) {
        talk[4 + i] = (byte) (SSL >> 8 * (3 - i));
      }
      out.write(talk);
      out.flush();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("FATAL")
          .contains("08P01");
    }
  }

  @Test
  @Timeout(60)
  void aBrokenHandshakeHarmsNobodyElse() throws Exception {
    try (Connection good = connect("localhost", "sslmode=require")) {
      for (int i = 0; i < 50; i++) {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
          DataOutputStream out = new DataOutputStream(socket.getOutputStream());
          out.writeInt(8);
          out.writeInt(SSL);
          out.flush();
          assertThat(socket.getInputStream().read()).isEqualTo('S');
          out.write(new byte[100 + i]);
          out.flush();
        }
      }
      assertAnswers(good);
    }
  }
}
