package org.chengmai.engine.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.chengmai.engine.config.ServerConfig;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;

/**
 * The HTTP server: log-in first, then the mounted routes, one form of error. It is up before the
 * servers behind it are, so that the page can show the start; routes may be added while it runs.
 */
public final class HttpFrontend {
  private static final String COOKIE = "chengmai";

  private final Vertx vertx;
  private final ServerConfig config;
  private final Users users;
  private final Router router;

  public HttpFrontend(Vertx vertx, ServerConfig config, Users users) {
    this.vertx = vertx;
    this.config = config;
    this.users = users;
    this.router = Router.router(vertx);
    router.route().order(-100).handler(HttpFrontend::checkPath);
    router.route().order(-100).handler(this::authenticate);
    router.get("/login").order(-99).handler(this::login);
    router.post("/logout").order(-99).handler(HttpFrontend::logout);
    router.route().failureHandler(Requests::fail);
  }

  /** Adds routes; may be called while the server runs. */
  public HttpFrontend mount(List<Consumer<Router>> routes) {
    routes.forEach(mount -> mount.accept(router));
    return this;
  }

  /** Starts listening; fails with a message that names the port when it is taken. */
  public Future<HttpServer> listen() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(config.host())
            .setPort(config.port())
            .setCompressionSupported(true)
            .setDecompressionSupported(true)
            .setMaxWebSocketFrameSize(1 << 20)
            .setPerMessageWebSocketCompressionSupported(false)
            .setIdleTimeout(180);
    return vertx
        .createHttpServer(options)
        .requestHandler(router)
        .listen()
        .recover(
            failure ->
                Future.failedFuture(
                    new ChengmaiException(
                        ErrorCode.RESOURCES,
                        "port %d on %s cannot be opened (%s); choose another with --port or server.port, 0 for a free one"
                            .formatted(config.port(), config.host(), failure.getMessage()),
                        failure)));
  }

  /** Routes compare the path, and would all fail with one that cannot be decoded. */
  private static void checkPath(RoutingContext context) {
    try {
      String unused = context.normalizedPath();
    } catch (IllegalArgumentException e) {
      Requests.refuse(context, "path '%s': %s".formatted(context.request().path(), e.getMessage()));
      return;
    }
    context.next();
  }

  private void authenticate(RoutingContext context) {
    String header = context.request().getHeader("Authorization");
    Cookie cookie = context.request().getCookie(COOKIE);
    if (header != null) {
      Optional<Principal> principal =
          header.startsWith("Bearer ")
              ? users.byToken(header.substring(7).trim())
              : Optional.empty();
      if (principal.isEmpty()) {
        context.fail(
            new ChengmaiException(ErrorCode.UNAUTHENTICATED, "the bearer token is not known"));
        return;
      }
      Requests.setPrincipal(context, principal.get());
    } else if (cookie != null) {
      // A browser sends the cookie from anywhere; what changes something must come from our own
      // page.
      if (!isSafe(context.request().method()) && !isOwnOrigin(context)) {
        context.fail(
            new ChengmaiException(ErrorCode.FORBIDDEN, "the request comes from another site"));
        return;
      }
      users
          .byToken(cookie.getValue())
          .ifPresent(principal -> Requests.setPrincipal(context, principal));
    }
    context.next();
  }

  private static boolean isSafe(HttpMethod method) {
    return method.equals(HttpMethod.GET)
        || method.equals(HttpMethod.HEAD)
        || method.equals(HttpMethod.OPTIONS);
  }

  /** Whether a browser's Origin, where it sent one, is the host that it asked. */
  static boolean isOwnOrigin(RoutingContext context) {
    String origin = context.request().getHeader("Origin");
    if (origin == null) {
      return true;
    }
    try {
      String authority = URI.create(origin).getAuthority();
      return authority != null && authority.equals(String.valueOf(context.request().authority()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Who asks, for routes outside this package that viewers may use. */
  public static Principal viewer(RoutingContext context) {
    return Requests.principal(context, Role.VIEWER);
  }

  private void login(RoutingContext context) {
    String token = context.request().getParam("token");
    if (token == null || users.byToken(token).isEmpty()) {
      context.redirect(token == null ? "/login.html" : "/login.html?wrong");
      return;
    }
    context
        .response()
        .addCookie(
            Cookie.cookie(COOKIE, token)
                .setHttpOnly(true)
                .setPath("/")
                .setSameSite(CookieSameSite.LAX)
                .setMaxAge(30L * 86_400));
    context.redirect("/");
  }

  private static void logout(RoutingContext context) {
    context.response().removeCookie(COOKIE);
    context.redirect("/login.html");
  }
}
