package org.chengmai.engine.command;

import picocli.CommandLine.Command;

/** Measurements, each with its figures as a table or as one JSON object. */
@Command(
    name = "bench",
    description = "Measure, and print the figures.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "WHAT",
    subcommands = {
      CheckBenchCommand.class,
      ClientsBenchCommand.class,
      DeepBenchCommand.class,
      FeedbackBenchCommand.class,
      DetectBenchCommand.class,
      ForecastBenchCommand.class,
      IndicatorsBenchCommand.class,
      InjectBenchCommand.class,
      WeightsBenchCommand.class,
      IngestBenchCommand.class,
      NabBenchCommand.class,
      SqlBenchCommand.class,
      SqlLogicBenchCommand.class,
      WatchBenchCommand.class
    })
final class BenchCommand {}
