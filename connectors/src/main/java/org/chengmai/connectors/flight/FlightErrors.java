package org.chengmai.connectors.flight;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.chengmai.connectors.Breaker;

/** Flight's errors as those that readers of sources know. */
final class FlightErrors {
  private FlightErrors() {}

  /** A call that begins something at the server, behind its breaker. */
  static <T> T translated(Breaker breaker, Breaker.Attempt<T> call) throws SQLException {
    return breaker.attempt(
        () -> translated(call), SQLTransientConnectionException.class::isInstance);
  }

  static <T> T translated(Breaker.Attempt<T> call) throws SQLException {
    try {
      return call.run();
    } catch (FlightRuntimeException e) {
      String message = "%s: %s".formatted(e.status().code(), e.status().description());
      // gRPC has tried to connect again by itself
      throw e.status().code() == FlightStatusCode.UNAVAILABLE
          ? new SQLTransientConnectionException(message, e)
          : new SQLException(message, e);
    }
  }
}
