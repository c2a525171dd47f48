package org.chengmai.engine.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** Where the distribution lies. */
final class Home {
  private Home() {}

  /** The folder that relative paths of a configuration file start from. */
  static Path folderOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder");
  }

  static Path path() {
    String home = System.getProperty("chengmai.home");
    if (home == null || !Files.isDirectory(Path.of(home, "servers"))) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL,
          "the distribution is not at '%s'; start with the script ./chengmai".formatted(home));
    }
    return Path.of(home);
  }
}
