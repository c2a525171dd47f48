package org.chengmai.connectors.process;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the build puts the servers' library folders. */
final class Libraries {
  private Libraries() {}

  static Path kafka() {
    return root().resolve("connectors/kafka-server/target/lib");
  }

  static Path druid() {
    return root().resolve("connectors/druid-server/target/lib");
  }

  static Path root() {
    String given = System.getProperty("chengmai.root", "");
    Path path = Path.of(given.isEmpty() ? System.getProperty("user.dir") : given).toAbsolutePath();
    while (!Files.isDirectory(path.resolve("connectors/druid-server"))) {
      path = path.getParent();
    }
    return path;
  }
}
