package org.chengmai.engine.flight;

import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.chengmai.indicators.ChengmaiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Our errors as gRPC statuses, which Grafana turns into HTTP's. */
final class FlightErrors {
  private static final Logger LOG = LoggerFactory.getLogger(FlightErrors.class);

  private FlightErrors() {}

  static FlightRuntimeException translate(Throwable error) {
    if (error instanceof FlightRuntimeException known) {
      return known;
    }
    if (error instanceof OutOfMemoryException) {
      return CallStatus.RESOURCE_EXHAUSTED
          .withDescription(
              "answers that clients have not read yet fill the memory for Flight; read or close them, then run this again")
          .withCause(error)
          .toRuntimeException();
    }
    if (!(error instanceof ChengmaiException known)) {
      LOG.atError().setCause(error).log("a Flight call failed");
      return CallStatus.INTERNAL
          .withDescription("an internal error; the log has it")
          .toRuntimeException();
    }
    CallStatus status =
        switch (known.code()) {
          case INVALID_INPUT, INVALID_DEFINITION, TOO_LARGE, CONFLICT ->
              CallStatus.INVALID_ARGUMENT;
          case UNAUTHENTICATED -> CallStatus.UNAUTHENTICATED;
          case FORBIDDEN -> CallStatus.UNAUTHORIZED;
          case NOT_FOUND -> CallStatus.NOT_FOUND;
          case CANCELLED -> CallStatus.CANCELLED;
          case RESOURCES -> CallStatus.RESOURCE_EXHAUSTED;
          case EXTERNAL, UNAVAILABLE -> CallStatus.UNAVAILABLE;
          case INTERNAL -> CallStatus.INTERNAL;
        };
    return status.withDescription(known.getMessage()).withCause(known).toRuntimeException();
  }
}
