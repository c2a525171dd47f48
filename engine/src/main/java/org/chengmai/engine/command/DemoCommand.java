package org.chengmai.engine.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.engine.RunningEngine;
import org.chengmai.engine.demo.Demo;
import org.chengmai.engine.demo.DemoSettings;
import org.chengmai.engine.demo.Smoke;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the whole system on the simulated city. */
@Command(
    name = "demo",
    description =
        "Run the whole system on a simulated city (Xining, seven districts, all data synthetic).",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--dir",
      description = "Data folder; default ./data, a temporary one with --smoke.")
  private @org.jspecify.annotations.Nullable Path folder;

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "Port of the page; 0 for a free one. Default ${DEFAULT-VALUE}.")
  private int port = 8080;

  @Option(
      names = "--speed",
      defaultValue = "1",
      description = "How fast the city's clock runs; default ${DEFAULT-VALUE}.")
  private double speed = 1;

  @Option(
      names = "--seed",
      defaultValue = "630100",
      description = "Seed of the simulated city; default ${DEFAULT-VALUE}.")
  private long seed = 630100;

  @Option(
      names = "--with-mariadb",
      description = "Keep the hotline in a MariaDB (downloads 150 MB more).")
  private boolean withMariaDb;

  @Option(names = "--reset", description = "Delete the data folder first.")
  private boolean reset;

  @Option(
      names = "--smoke",
      description = "Run the line, plant anomalies, check everything, stop; exit 0 or 1.")
  private boolean smoke;

  @Option(names = "--json", description = "With --smoke: one JSON object as the last line.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (smoke) {
      return Smoke.run(Home.path(), folder, seed, withMariaDb, json);
    }
    Path data = (folder == null ? Path.of("data") : folder).toAbsolutePath();
    if (reset) {
      delete(data);
    }
    Demo demo =
        new Demo(
            new DemoSettings(Home.path(), data, port, speed, seed, withMariaDb),
            System.out::println);
    ServeCommand.stopAtExit(demo);
    demo.start();
    System.out.println();
    System.out.println(
        "  城脉 is ready in %.0f s: open %s"
            .formatted(demo.readySeconds(), demo.engine().logInAddress()));
    System.out.println(
        "  SQL: ./chengmai sql \"SELECT …\"   Flight SQL: port %d   PostgreSQL: port %d   stop: Ctrl-C"
            .formatted(demo.engine().flightPort(), demo.engine().postgresPort()));
    System.out.println();
    demo.loadPast();
    new CountDownLatch(1).await();
    return 0;
  }

  /**
   * Deletes a former run's folder; only one that an engine made, and only while none runs over it.
   */
  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (RunningEngine.find(folder).isPresent()) {
      throw new ChengmaiException(
          ErrorCode.CONFLICT, "an engine runs over " + folder + "; stop it before --reset");
    }
    if (!Files.exists(folder.resolve(Demo.MARK))) {
      throw new ChengmaiException(
          ErrorCode.CONFLICT,
          "%s was not made by the demo (no file %s in it); delete it yourself"
              .formatted(folder, Demo.MARK));
    }
    FileTree.delete(folder);
  }
}
