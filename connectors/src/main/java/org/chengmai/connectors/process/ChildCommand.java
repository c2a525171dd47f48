package org.chengmai.connectors.process;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How one child runs and ends.
 *
 * @param arguments program and arguments; the folder must be among them, so that a left-over child
 *     can be told from a stranger with the same id
 * @param environment variables beyond the engine's own
 * @param stopSignal name of the signal that ends it in order, such as {@code TERM}
 * @param grace time between that signal and the kill
 */
record ChildCommand(
    List<String> arguments, Map<String, String> environment, String stopSignal, Duration grace) {
  ChildCommand {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }
}
