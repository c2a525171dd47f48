package org.chengmai.engine.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.chengmai.engine.Engine;
import org.chengmai.engine.EngineOptions;
import org.chengmai.engine.config.EngineConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs an engine on a configuration. */
@Command(
    name = "serve",
    description = "Run the engine on your own configuration.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Servers that the configuration does not name (PostgreSQL, Kafka, Druid) are started by the engine in --dir.",
      "A single embedded Kafka broker survives the death of processes, not the loss of power: name a replicated Kafka for production."
    })
final class ServeCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, description = "The configuration file.")
  private Path file = Path.of("chengmai.yaml");

  @Option(names = "--dir", defaultValue = "data", description = "Data folder; default ./data.")
  private Path folder = Path.of("data");

  @Override
  public Integer call() throws InterruptedException {
    EngineConfig config = EngineConfig.read(file, System::getenv);
    Path base = Home.folderOf(file);
    Engine engine =
        new Engine(
            config,
            EngineOptions.of(Home.path(), folder.toAbsolutePath(), base, System.out::println));
    stopAtExit(engine);
    engine.start();
    engine.loadPast();
    engine.run();
    engine.learn();
    System.out.println(
        "ready: %s, Flight SQL on port %d, PostgreSQL on port %s"
            .formatted(
                engine.address(),
                engine.flightPort(),
                engine.postgresPort() < 0 ? "none" : engine.postgresPort()));
    System.out.println("log in: " + engine.logInAddress());
    new CountDownLatch(1).await();
    return 0;
  }

  /** Closes the engine when the process is asked to stop. */
  static void stopAtExit(AutoCloseable engine) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    engine.close();
                  } catch (Exception e) {
                    System.err.println("the engine did not stop in order: " + e.getMessage());
                  }
                },
                "stop"));
  }
}
