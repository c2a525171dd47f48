package org.chengmai.connectors.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder with all that it holds. */
public final class FileTree {
  private FileTree() {}

  /** Deletes it; nothing happens where it does not exist. */
  public static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          // a server that has just been stopped may have tidied up meanwhile
          Files.deleteIfExists(path);
        }
      }
    }
  }
}
