package org.chengmai.engine.sql;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.flight.FlightConfig;
import org.chengmai.connectors.jdbc.SpokenSql;
import org.chengmai.engine.flight.DuckDbFlightServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/** Somebody's Flight SQL server, which runs in this process. */
final class FlightReaderTest extends ArrowReaderContract {
  private final FileReaderTest duckDb = new FileReaderTest();
  private DuckDbFlightServer server;

  @Override
  Source open(Path work) throws Exception {
    server = new DuckDbFlightServer(List.of());
    return new FlightConfig(
            URI.create("grpc://127.0.0.1:" + server.port()), null, null, "main", SpokenSql.DUCKDB)
        .open(LIBRARY, work);
  }

  @AfterAll
  void stopServer() throws Exception {
    server.close();
  }

  @Override
  String literal(SqlTypeName type, @Nullable String value) {
    return duckDb.literal(type, value);
  }

  @Override
  String numbers(long count) {
    return duckDb.numbers(count);
  }

  @Override
  String slow() {
    return duckDb.slow();
  }

  @Override
  long running() {
    return duckDb.running();
  }
}
