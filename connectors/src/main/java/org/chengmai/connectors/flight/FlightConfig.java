package org.chengmai.connectors.flight;

import java.net.URI;
import java.nio.file.Path;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.SourceConfig;
import org.chengmai.connectors.jdbc.SpokenSql;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks Arrow Flight SQL.
 *
 * @param address {@code grpc://host:port}, or {@code grpc+tls://host:port}
 * @param user asked for a token with the password; without a user the password is the token
 * @param schema the schema that becomes the library
 * @param sql what the server speaks
 */
public record FlightConfig(
    URI address, @Nullable String user, @Nullable String password, String schema, SpokenSql sql)
    implements SourceConfig {

  @Override
  public Source open(String library, Path work) {
    return new FlightSource(library, this);
  }

  /** Leaves the password out. */
  @Override
  public String toString() {
    return "FlightConfig[address=%s, schema=%s, sql=%s]".formatted(address, schema, sql);
  }
}
