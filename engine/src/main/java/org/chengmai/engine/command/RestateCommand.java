package org.chengmai.engine.command;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has the running engine recompute an indicator's history with its newest version. */
@Command(
    name = "restate",
    description =
        "Recompute an indicator's history, and the indices that read it, with its newest version.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The version needs effective: {from: …, restate: true}. Earlier values stay as earlier revisions."
    })
final class RestateCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "CODE", description = "The indicator.")
  private String code = "";

  @Option(names = "--from", description = "Default: the day from which the version counts.")
  private @Nullable String from;

  @Option(names = "--to", description = "The time or date to stop before; default now.")
  private @Nullable String to;

  @Mixin private JobFollower follower = new JobFollower();

  @Override
  public Integer call() throws IOException, InterruptedException {
    return JobFollower.exitCode(follower.run("restate", from, to, Map.of("codes", List.of(code))));
  }
}
