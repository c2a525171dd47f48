package org.chengmai.engine.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.jspecify.annotations.Nullable;

/**
 * A Trino cluster that computes queries, with {@code execution: trino}.
 *
 * @param url such as {@code jdbc:trino://host:8080}
 * @param catalogs {@code catalog.schema} in Trino by the library whose tables are there
 */
public record TrinoConfig(
    String url, String user, @Nullable String password, Map<String, String> catalogs) {
  private static final Pattern PLACE = Pattern.compile("[^.]+\\.[^.]+");

  public TrinoConfig {
    if (!url.startsWith("jdbc:trino:")) {
      throw new IllegalArgumentException("url '%s' does not begin with jdbc:trino:".formatted(url));
    }
    catalogs.forEach(
        (library, place) -> {
          if (!PLACE.matcher(place).matches()) {
            throw new IllegalArgumentException(
                "catalogs.%s: '%s' is not catalog.schema".formatted(library, place));
          }
        });
  }

  /**
   * Opens it.
   *
   * @param work folder of its own
   * @param drivers folder of further JDBC drivers
   */
  public Source open(Path work, Path drivers) {
    return new JdbcConfig(url, user, password, null, 8, 10_000, Duration.ofSeconds(5), drivers)
        .open("trino", work);
  }

  /** Leaves the password out. */
  @Override
  public String toString() {
    return "TrinoConfig[url=%s, user=%s, catalogs=%s]".formatted(url, user, catalogs);
  }
}
