package org.chengmai.connectors.flight;

import java.sql.SQLException;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.chengmai.connectors.Breaker;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.arrow.BatchReader;
import org.chengmai.connectors.pushdown.CatalogConnection;
import org.chengmai.connectors.pushdown.Connections;
import org.chengmai.connectors.pushdown.OpenStatements;
import org.chengmai.connectors.pushdown.SourceSchema;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema of a Flight SQL server as a library. Safe for use by several threads.
 *
 * <p>Times without a zone are taken for UTC.
 */
final class FlightSource implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(FlightSource.class);

  /** Batches on their way, before they are ours. */
  private static final long MEMORY = 256L << 20;

  private final String library;
  private final FlightConfig config;
  private final BufferAllocator memory = new RootAllocator(MEMORY);
  private final FlightClient client;
  private final FlightSqlClient sql;
  private final Breaker breaker;

  FlightSource(String library, FlightConfig config) {
    this.library = library;
    this.config = config;
    this.client = FlightClient.builder(memory, new Location(config.address())).build();
    this.sql = new FlightSqlClient(client);
    this.breaker = new Breaker(library, System::nanoTime);
  }

  @Override
  public String library() {
    return library;
  }

  /** Who we are, for each call. */
  private CallOption login() throws SQLException {
    String password = config.password();
    if (config.user() != null) {
      return client
          .authenticateBasicToken(config.user(), password == null ? "" : password)
          .<CallOption>map(token -> token)
          .orElseThrow(() -> new SQLException("the server gave no token"));
    }
    if (password == null) {
      // nothing is said
      return new HeaderCallOption(new FlightCallHeaders());
    }
    FlightCallHeaders headers = new FlightCallHeaders();
    headers.insert("authorization", "Bearer " + password);
    return new HeaderCallOption(headers);
  }

  private FlightCatalog catalog() {
    return new FlightCatalog(sql, config.schema(), this::login, breaker);
  }

  @Override
  public Schema schema(SchemaPlus parent) {
    return SourceSchema.create(
        parent,
        library,
        new Connections(() -> CatalogConnection.of("Flight SQL", catalog())),
        config.sql().dialect(),
        config.sql().pushdown(),
        null,
        config.schema());
  }

  @Override
  public ArrowReader read(
      String text,
      org.apache.arrow.vector.types.pojo.Schema shape,
      BufferAllocator batches,
      OpenStatements query) {
    return BatchReader.open(
        library,
        text,
        shape,
        batches,
        query,
        () -> new FlightAnswer(sql, text, this::login, breaker));
  }

  @Override
  public void check() {
    try {
      catalog().tables();
    } catch (SQLException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "source %s at %s does not answer: %s"
              .formatted(library, config.address(), e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    try {
      sql.close();
      memory.close();
    } catch (Exception e) {
      LOG.atWarn().addKeyValue("library", library).log("Flight does not close: {}", e.getMessage());
    }
  }
}
