package org.chengmai.engine.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.engine.replay.Replay;
import org.chengmai.engine.replay.ReplayReport;
import org.chengmai.engine.replay.ReplaySettings;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the whole system on real, public data. */
@Command(
    name = "replay",
    description =
        "Replay public data sets (air, metro, taxi, roads) through the whole system and report what was found.",
    mixinStandardHelpOptions = true,
    footer = {"", "examples/real/README.md names the data sets and their origins."})
final class ReplayCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      defaultValue = "../shared/data",
      description = "Folder of the data sets; default ${DEFAULT-VALUE}.")
  private Path data = Path.of("../shared/data");

  @Option(
      names = "--dir",
      description = "Data folder of the engine, kept; default a temporary one.")
  private @Nullable Path folder;

  @Option(names = "--keep", description = "Keep the temporary folder.")
  private boolean keep;

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  @Option(
      names = "--port",
      description = "Keep the page up on this port until Ctrl-C; default: stop when done.")
  private @Nullable Integer port;

  @Override
  public Integer call() throws Exception {
    Path given = folder;
    boolean isTemporary = given == null;
    Path work =
        given == null ? Files.createTempDirectory("chengmai-replay") : given.toAbsolutePath();
    Replay replay;
    try {
      Files.createDirectories(work);
      replay =
          new Replay(
              new ReplaySettings(
                  Home.path(), work, data.toAbsolutePath().normalize(), port == null ? 0 : port),
              System.out::println);
    } catch (RuntimeException e) {
      tidy(work, isTemporary);
      throw e;
    }
    ServeCommand.stopAtExit(
        () -> {
          replay.close();
          tidy(work, isTemporary);
        });
    ReplayReport report = replay.run();
    System.out.println();
    System.out.print(report.text());
    if (port != null) {
      System.out.println("open " + replay.engine().logInAddress() + " (stop: Ctrl-C)");
    } else {
      // the servers' last words come before the last line
      replay.close();
    }
    if (json) {
      System.out.println(Json.write(report));
    }
    if (port != null) {
      new CountDownLatch(1).await();
    }
    return 0;
  }

  private void tidy(Path work, boolean isTemporary) throws IOException {
    if (isTemporary && !keep) {
      FileTree.delete(work);
    }
  }
}
