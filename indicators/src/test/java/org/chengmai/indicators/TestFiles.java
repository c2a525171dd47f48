package org.chengmai.indicators;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Where the repository and the test data beside it are. */
public final class TestFiles {
  private TestFiles() {}

  /** The repository's root folder. */
  public static Path root() {
    String stated = System.getProperty("chengmai.root");
    if (stated != null && !stated.startsWith("$")) {
      return Path.of(stated);
    }
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("indicators"))) {
      folder = Objects.requireNonNull(folder.getParent(), "not inside the repository");
    }
    return folder;
  }

  /** A path below the shared test data, which may be absent. */
  public static Path data(String path) {
    return root().resolveSibling("shared").resolve("data").resolve(path);
  }
}
