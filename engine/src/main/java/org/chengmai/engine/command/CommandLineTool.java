package org.chengmai.engine.command;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code chengmai} with its subcommands. */
@Command(
    name = "chengmai",
    description = "城脉: city operations analytics and indicator monitoring.",
    mixinStandardHelpOptions = true,
    version = "Chengmai 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      ReplayCommand.class,
      SqlCommand.class,
      BackfillCommand.class,
      RestateCommand.class,
      DryRunCommand.class,
      BacktestCommand.class,
      WeightsCommand.class,
      ModelsCommand.class,
      CheckCommand.class,
      LineageCommand.class,
      BenchCommand.class,
      DoctorCommand.class,
      RegionsCommand.class,
      TokenCommand.class
    })
public final class CommandLineTool {

  /** Runs one command; 0 when it went well, 1 when it failed, 2 when its arguments are wrong. */
  public static int run(String... arguments) {
    CommandLine tool =
        new CommandLine(new CommandLineTool())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpWidth(110)
            .setExecutionExceptionHandler(CommandLineTool::report);
    if (arguments.length == 0) {
      tool.usage(System.out);
      return 2;
    }
    return tool.execute(arguments);
  }

  private static int report(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    if (failure instanceof ChengmaiException known) {
      System.err.println("chengmai " + command.getCommandName() + ": " + known.getMessage());
      if (known.code().type() == ErrorCode.Type.INTERNAL) {
        known.printStackTrace(System.err);
      }
    } else {
      failure.printStackTrace(System.err);
    }
    return 1;
  }
}
