package org.chengmai.engine.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Trino over the same two servers, asked by its own driver. */
final class TrinoPeer implements Contender {
  private static final int SECONDS = 120;

  private final TrinoServer server;

  private TrinoPeer(TrinoServer server) {
    this.server = server;
  }

  /**
   * Starts it and returns when it answers.
   *
   * @param peers the folder with the tarball and the driver
   * @param folder kept, so that the next run need not unpack
   */
  static TrinoPeer start(Path peers, Path folder, CityFedServers servers, Consumer<String> progress)
      throws IOException, InterruptedException {
    return new TrinoPeer(
        TrinoServer.start(
            peers,
            folder,
            "3G",
            Map.of("a", servers.server("a"), "b", servers.server("b")),
            progress));
  }

  @Override
  public String name() {
    return "trino";
  }

  @Override
  public long pid() {
    return server.pid();
  }

  @Override
  public SqlWorker.Outcome run(CityFed.Query query, int run) {
    String sql = CityFed.sql(query, "a.public.", "b.public.") + "\n-- " + run;
    long start = System.nanoTime();
    try (Statement statement = server.connection().createStatement()) {
      statement.setQueryTimeout(SECONDS);
      RowHash hash = new RowHash(query.isOrdered());
      try (ResultSet rows = statement.executeQuery(sql)) {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          List<@Nullable Object> row = new ArrayList<>(columns);
          for (int column = 1; column <= columns; column++) {
            row.add(rows.getObject(column));
          }
          hash.add(row);
        }
      }
      return outcome(start, hash.toString(), null);
    } catch (SQLException e) {
      return outcome(start, "", String.valueOf(e.getMessage()));
    }
  }

  private static SqlWorker.Outcome outcome(long start, String hash, @Nullable String error) {
    return new SqlWorker.Outcome((System.nanoTime() - start) / 1e6, 0, hash, 0, 0, null, error);
  }

  @Override
  public void close() {
    server.close();
  }
}
