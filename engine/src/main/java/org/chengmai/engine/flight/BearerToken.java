package org.chengmai.engine.flight;

import java.util.Optional;
import java.util.function.Function;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallInfo;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightServerMiddleware;
import org.apache.arrow.flight.RequestContext;
import org.chengmai.engine.sql.ClientTypes;
import org.chengmai.indicators.Principal;

/**
 * Finds out from the {@code authorization} header who calls; refuses calls without a known token.
 *
 * @param types few for calls with the metadata {@code database}, as Grafana's have
 */
record BearerToken(Principal principal, ClientTypes types) implements FlightServerMiddleware {
  static final FlightServerMiddleware.Key<BearerToken> KEY =
      FlightServerMiddleware.Key.of("principal");

  static FlightServerMiddleware.Factory<BearerToken> factory(
      Function<String, Optional<Principal>> principals) {
    return (CallInfo info, CallHeaders headers, RequestContext context) -> {
      String header = headers.get("authorization");
      if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
        throw CallStatus.UNAUTHENTICATED
            .withDescription("send the metadata 'authorization: Bearer <token>'")
            .toRuntimeException();
      }
      return principals
          .apply(header.substring(7).strip())
          .map(
              principal ->
                  new BearerToken(
                      principal,
                      headers.get("database") == null ? ClientTypes.EXACT : ClientTypes.FEW))
          .orElseThrow(
              () ->
                  CallStatus.UNAUTHENTICATED
                      .withDescription("the token is not known")
                      .toRuntimeException());
    };
  }

  @Override
  public void onBeforeSendingHeaders(CallHeaders headers) {
    // nothing to tell
  }

  @Override
  public void onCallCompleted(CallStatus status) {
    // nothing is held
  }

  @Override
  public void onCallErrored(Throwable error) {
    // nothing is held
  }
}
