package org.chengmai.engine.command;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has the running engine compute history. */
@Command(
    name = "backfill",
    description =
        "Compute history on the running engine, each day by the versions in force then; one SQL per group and slice.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "What is unchanged is not published again. Ctrl-C cancels; a job goes on after a restart of the engine.",
      "Example:",
      "  ./chengmai backfill --from 2026-01-01 --to 2026-04-01 --codes CVS-ENV-0001,CVS-ENV-0002"
    })
final class BackfillCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      required = true,
      description = "The first time, or date in China: 2026-01-01, 2026-01-01T08:00:00Z.")
  private String from = "";

  @Option(names = "--to", description = "The time or date to stop before; default now.")
  private @Nullable String to;

  @Option(
      names = "--codes",
      split = ",",
      paramLabel = "CODE",
      description = "Only these indicators; default all.")
  private List<String> codes = List.of();

  @Mixin private JobFollower follower = new JobFollower();

  @Override
  public Integer call() throws IOException, InterruptedException {
    return JobFollower.exitCode(follower.run("backfill", from, to, Map.of("codes", codes)));
  }
}
