package org.chengmai.connectors.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the JVM that holds servers, as {@code kill -9} and a crash do. */
final class OrphanIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir Path temporary;
  private Path addresses = Path.of("/");
  private final List<Process> engines = new ArrayList<>();

  @BeforeEach
  void addressFile() {
    addresses = temporary.resolve("addresses");
  }

  @AfterEach
  void endEngines() {
    engines.forEach(Process::destroyForcibly);
  }

  @Test
  void aKilledEngineLeavesNothingBehindAndTheNextOneFindsEverything() throws Exception {
    Path data = temporary.resolve("data");
    Process engine = engine(data, "postgres", "kafka");
    List<ProcessHandle> family = engine.descendants().toList();
    assertThat(family).hasSizeGreaterThan(6);
    assertThatThrownBy(() -> DataFolder.open(data))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("process " + engine.pid());
    Map<String, String> before = addresses();
    try (Connection connection = connect(before);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE kept(n int)");
    }

    engine.destroyForcibly().waitFor();
    Await.until(LIMIT, () -> family.stream().noneMatch(ProcessHandle::isAlive));

    try (DataFolder folder = DataFolder.open(data)) {
      PostgresServer postgres =
          new PostgresServer(folder.path(), new Ports(folder.portsFile(), Map.of()));
      postgres.start(event -> {});
      assertThat(postgres.address()).isEqualTo(before.get("PG_URL"));
      try (Connection connection = connect(before);
          Statement statement = connection.createStatement()) {
        assertThat(statement.executeQuery("SELECT count(*) FROM kept").next()).isTrue();
      } finally {
        postgres.stop();
      }
    }
  }

  @Test
  void everythingKilledAtOnceStartsAgain() throws Exception {
    Path data = temporary.resolve("data");
    Process engine = engine(data, "postgres", "kafka");
    List<ProcessHandle> family = engine.descendants().toList();
    engine.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
    Await.until(LIMIT, () -> family.stream().noneMatch(ProcessHandle::isAlive));
    Process second = engine(data, "postgres", "kafka");
    second.destroy();
    assertThat(second.waitFor()).isEqualTo(143);
    assertThat(second.descendants()).isEmpty();
    assertThat(data.resolve("postgres/pid")).doesNotExist();
    assertThat(data.resolve("engine.pid")).doesNotExist();
  }

  private static Connection connect(Map<String, String> addresses) throws SQLException {
    return DriverManager.getConnection(
        addresses.get("PG_URL"), addresses.get("PG_USER"), addresses.get("PG_PASSWORD"));
  }

  private Map<String, String> addresses() throws IOException {
    return Files.readAllLines(addresses).stream()
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  /** A JVM of its own that holds the servers; returns when they are ready. */
  private Process engine(Path data, String... servers) throws IOException {
    Files.deleteIfExists(addresses);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                ServersMain.class.getName(),
                data.toString(),
                Libraries.root().toString(),
                addresses.toString(),
                "768",
                "256"));
    command.addAll(List.of(servers));
    Process engine =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(addresses.resolveSibling("engine.log").toFile())
            .start();
    engines.add(engine);
    Await.until(
        LIMIT,
        () -> {
          assertThat(engine.isAlive()).isTrue();
          return Files.exists(addresses);
        });
    return engine;
  }
}
