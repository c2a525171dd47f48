package org.chengmai.engine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.engine.Engine;
import org.chengmai.engine.EngineOptions;
import org.chengmai.engine.ServerSet;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.config.LibraryConfig;
import org.chengmai.engine.config.ServerConfig;

/** An engine with servers of its own in a temporary folder. */
public final class BenchEngine implements AutoCloseable {
  private final Path folder;
  private final Engine engine;

  private BenchEngine(Path folder, Engine engine) {
    this.folder = folder;
    this.engine = engine;
  }

  /**
   * What it computes, and by which clock.
   *
   * @param views of libraries, file to text
   * @param definitions of indicators, file to text
   * @param departments makes libraries on freshly started servers
   */
  public record Contents(
      InstantSource clock,
      Map<String, String> views,
      Map<String, String> definitions,
      Function<ServerSet, List<LibraryConfig>> departments) {

    /** Without indicators. */
    public static Contents of(Function<ServerSet, List<LibraryConfig>> departments) {
      return new Contents(InstantSource.system(), Map.of(), Map.of(), departments);
    }
  }

  /**
   * Starts it; the folder is deleted with it.
   *
   * @param home distribution folder
   */
  public static BenchEngine start(Path home, Contents contents, Consumer<String> say)
      throws IOException {
    Path folder = Files.createTempDirectory("chengmai-bench");
    EngineConfig defaults = EngineConfig.defaults();
    EngineConfig config =
        EngineConfig.of(
            new ServerConfig("127.0.0.1", 0, 0, 0, -1),
            defaults.servers(),
            List.of("views"),
            List.of("definitions"),
            defaults.history());
    Path base = Files.createDirectories(folder.resolve("base"));
    write(contents.views(), base.resolve("views"));
    write(contents.definitions(), base.resolve("definitions"));
    Files.copy(home.resolve("examples/demo/city.yaml"), base.resolve("city.yaml"));
    EngineOptions usual = EngineOptions.of(home, folder, base, say);
    Engine engine =
        new Engine(
            config,
            new EngineOptions(
                home,
                folder,
                base,
                contents.clock(),
                usual.speed(),
                false,
                false,
                usual.historyAge(),
                Duration.ofDays(400),
                usual.observationSegments(),
                contents.departments(),
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

  private static void write(Map<String, String> files, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  public Engine engine() {
    return engine;
  }

  /** For files that shall go with it. */
  Path folder() {
    return folder;
  }

  @Override
  public void close() throws IOException {
    engine.close();
    FileTree.delete(folder);
  }
}
