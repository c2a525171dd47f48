package org.chengmai.engine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.engine.Engine;
import org.chengmai.engine.EngineOptions;
import org.chengmai.engine.ServerSet;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.config.LibraryConfig;
import org.chengmai.engine.config.ServerConfig;

/** An engine with servers of its own in a temporary folder, without indicators. */
public final class BenchEngine implements AutoCloseable {
  private final Path folder;
  private final Engine engine;

  private BenchEngine(Path folder, Engine engine) {
    this.folder = folder;
    this.engine = engine;
  }

  /**
   * Starts it; the folder is deleted with it.
   *
   * @param home distribution folder
   * @param departments makes libraries on freshly started servers
   */
  public static BenchEngine start(
      Path home, Function<ServerSet, List<LibraryConfig>> departments, Consumer<String> say)
      throws IOException {
    Path folder = Files.createTempDirectory("chengmai-bench");
    EngineConfig defaults = EngineConfig.defaults();
    EngineConfig config =
        new EngineConfig(
            "city.yaml",
            new ServerConfig("127.0.0.1", 0, 0, -1),
            defaults.servers(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of("none"),
            List.of(),
            List.of(),
            defaults.limits(),
            defaults.execution(),
            defaults.trino(),
            defaults.history(),
            defaults.grafana());
    Path base = Files.createDirectories(folder.resolve("base"));
    Files.createDirectories(base.resolve("none"));
    Files.copy(home.resolve("examples/demo/city.yaml"), base.resolve("city.yaml"));
    EngineOptions usual = EngineOptions.of(home, folder, base, say);
    Engine engine =
        new Engine(
            config,
            new EngineOptions(
                home,
                folder,
                base,
                InstantSource.system(),
                usual.speed(),
                false,
                false,
                usual.historyAge(),
                Duration.ofDays(400),
                usual.observationSegments(),
                departments,
                say));
    BenchEngine started = new BenchEngine(folder, engine);
    try {
      engine.start();
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
  }

  public Engine engine() {
    return engine;
  }

  @Override
  public void close() throws IOException {
    engine.close();
    FileTree.delete(folder);
  }
}
