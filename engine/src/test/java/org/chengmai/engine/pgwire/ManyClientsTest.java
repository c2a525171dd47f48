package org.chengmai.engine.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients at once, most of which do nothing. */
final class ManyClientsTest {
  private static final int IDLE = 500;
  private static final int ACTIVE = 32;

  @Test
  void theBusyOnesAreServedBesideTheIdle(@TempDir Path folder) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(ACTIVE);
    List<Connection> clients = new ArrayList<>();
    try (PostgresServer server = new PostgresServer(folder)) {
      for (int i = 0; i < IDLE; i++) {
        clients.add(server.connect());
      }
      assertThat(Thread.getAllStackTraces().keySet())
          .as("an idle client holds no thread")
          .filteredOn(thread -> thread.getName().equals("pgwire"))
          .hasSizeLessThan(100);
      List<Callable<Integer>> work = new ArrayList<>();
      for (Connection client : clients.subList(0, ACTIVE)) {
        work.add(() -> regions(client));
      }
      for (Future<Integer> rows : executor.invokeAll(work)) {
        assertThat(rows.get(60, TimeUnit.SECONDS)).isEqualTo(30);
      }
      assertThat(regions(clients.get(IDLE - 1))).isEqualTo(30);
      for (Connection client : clients) {
        client.close();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  /** Asks ten times for three rows. */
  private static int regions(Connection client) throws SQLException {
    int count = 0;
    for (int i = 0; i < 10; i++) {
      try (ResultSet rows = client.createStatement().executeQuery("select region from env.air")) {
        while (rows.next()) {
          count++;
        }
      }
    }
    return count;
  }
}
