package org.chengmai.engine.command;

import java.nio.file.Path;
import java.util.List;
import org.chengmai.engine.config.EngineConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * A configuration, or folders of definitions and catalogue files, as the command line names them.
 */
final class DefinitionFolders {
  @Option(names = "--config", description = "The configuration file.")
  private @Nullable Path file;

  @Option(
      names = "--definitions",
      paramLabel = "DIR",
      description = "A folder of definitions, instead of the shipped or configured ones.")
  private List<Path> definitions = List.of();

  @Option(
      names = "--catalog",
      paramLabel = "DIR",
      description = "A folder of catalogue files, instead of the shipped or configured ones.")
  private List<Path> catalog = List.of();

  /** The configuration's file; null where none is named. */
  @Nullable Path file() {
    return file;
  }

  /** Where the configuration's paths start from; where the command runs without one. */
  Path base() {
    return file == null ? Path.of("") : Home.folderOf(file);
  }

  /** Folders of definitions; none for the shipped ones. */
  List<String> definitions(@Nullable EngineConfig config) {
    return definitions.isEmpty() && config != null ? config.definitions() : given(definitions);
  }

  /** Folders of catalogue files; none for the shipped ones. */
  List<String> catalog(@Nullable EngineConfig config) {
    return catalog.isEmpty() && config != null ? config.catalog() : given(catalog);
  }

  /** Folders of the command line start from where it runs, those of a configuration from its. */
  private List<String> given(List<Path> folders) {
    return folders.stream()
        .map(path -> file == null ? path : path.toAbsolutePath())
        .map(Path::toString)
        .toList();
  }
}
