package org.chengmai.dashboards.live;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Set;
import java.util.function.Function;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.jspecify.annotations.Nullable;

/** Mounts {@code /live} (websocket) and {@code /api/v1/events} (server-sent events). */
public final class LiveRoutes {
  private LiveRoutes() {}

  /**
   * Mounts both endpoints. They must not sit behind a body handler.
   *
   * @param principal who asks; throws UNAUTHENTICATED or FORBIDDEN, which the router's failure
   *     handler answers
   */
  public static void mount(
      Router router, LiveHub hub, Function<RoutingContext, Principal> principal) {
    router
        .get("/live")
        .handler(
            context -> {
              HttpServerRequest request = context.request();
              Principal user = principal.apply(context);
              String origin = request.getHeader("Origin");
              if (!isAllowed(origin, request.authority(), hub.config().origins())) {
                throw new ChengmaiException(
                    ErrorCode.FORBIDDEN,
                    "a page of %s may not open a websocket here; open the engine's own page"
                        .formatted(origin));
              }
              if (!request.canUpgradeToWebSocket()) {
                throw new ChengmaiException(
                    ErrorCode.INVALID_INPUT, "/live is a websocket endpoint");
              }
              request.toWebSocket().onSuccess(socket -> hub.accept(socket, user));
            });
    router
        .get("/api/v1/events")
        .handler(
            context -> {
              Principal user = principal.apply(context);
              String last = context.request().getHeader("Last-Event-ID");
              // A page that falls back from the websocket has a place but cannot set the header.
              hub.sse(
                  context.response(),
                  user,
                  last == null ? context.request().getParam("lastEventId") : last);
            });
  }

  /**
   * Whether a page of {@code origin} may connect; programs send no origin and have shown their
   * token.
   */
  static boolean isAllowed(
      @Nullable String origin, @Nullable HostAndPort authority, Set<String> configured) {
    if (origin == null || configured.contains(origin)) {
      return true;
    }
    try {
      URI page = URI.create(origin);
      return authority != null
          && page.getHost() != null
          && page.getHost().equalsIgnoreCase(authority.host())
          && port(page.getScheme(), page.getPort()) == port(page.getScheme(), authority.port());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static int port(String scheme, int port) {
    return port > 0 ? port : scheme.equalsIgnoreCase("https") ? 443 : 80;
  }
}
