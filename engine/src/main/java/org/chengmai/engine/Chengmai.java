package org.chengmai.engine;

import org.chengmai.engine.command.CommandLineTool;

/** The entry point: hands over to the command line. */
public final class Chengmai {
  private Chengmai() {}

  public static void main(String[] arguments) {
    System.exit(CommandLineTool.run(arguments));
  }
}
