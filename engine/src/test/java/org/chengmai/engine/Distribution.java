package org.chengmai.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The built distribution, run by its own launcher as a user does. */
final class Distribution {
  private Distribution() {}

  /** What a command said (both streams) and its exit status. */
  record Result(int status, String output) {}

  static Path home() {
    return RealServers.root().resolve("engine/target/chengmai");
  }

  static ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>(List.of("sh", home().resolve("chengmai").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  static Result run(String... arguments) throws IOException, InterruptedException {
    Process process = command(arguments).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    return new Result(process.waitFor(), output);
  }
}
