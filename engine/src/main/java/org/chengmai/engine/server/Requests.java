package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every route needs: who asks, work off the event loop, one form of answer and one of error.
 */
final class Requests {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final String PRINCIPAL = "principal";

  private Requests() {}

  /** Set by the log-in handler before any route runs. */
  static void setPrincipal(RoutingContext context, Principal principal) {
    context.put(PRINCIPAL, principal);
  }

  /** Who asks; UNAUTHENTICATED when nobody is logged in, FORBIDDEN when the role does not reach. */
  static Principal principal(RoutingContext context, Role needed) {
    Principal principal = context.get(PRINCIPAL);
    if (principal == null) {
      throw new ChengmaiException(
          ErrorCode.UNAUTHENTICATED, "log in, or send the header 'Authorization: Bearer <token>'");
    }
    principal.require(needed, context.request().method() + " " + context.request().path());
    return principal;
  }

  /** The series that {@code region} and {@code dimensions} name. */
  static SeriesKey series(RoutingContext context, String code) {
    String region = context.queryParams().get("region");
    if (region == null || region.isEmpty()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "which region? Add ?region=<division code>");
    }
    return new SeriesKey(
        code,
        region,
        SeriesKey.parseDimensions(dimensions(context.queryParams().get("dimensions"))));
  }

  private static String dimensions(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    for (String part : text.split(";")) {
      if (part.indexOf('=') < 1) {
        throw new ChengmaiException(
            ErrorCode.INVALID_INPUT, "dimensions '%s': k=v;k=v".formatted(text));
      }
    }
    return text;
  }

  /** A parameter as {@link #time(String, String)} reads it. */
  static Instant time(RoutingContext context, String name, Instant otherwise) {
    String text = context.queryParams().get(name);
    return text == null || text.isEmpty() ? otherwise : time(name, text);
  }

  /** A time in ISO 8601, in milliseconds since 1970, or the beginning of a date in China. */
  static Instant time(String name, String text) {
    try {
      return text.matches("-?\\d+")
          ? Instant.ofEpochMilli(Long.parseLong(text))
          : text.length() == 10
              ? LocalDate.parse(text).atStartOfDay(CHINA).toInstant()
              : Instant.parse(text);
    } catch (DateTimeParseException | NumberFormatException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "%s '%s': a time such as 2026-01-31T08:00:00Z, or a date such as 2026-01-31"
              .formatted(name, text),
          e);
    }
  }

  /** A query's id. */
  static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new ChengmaiException(ErrorCode.INVALID_INPUT, "id '%s' is no UUID".formatted(text), e);
    }
  }

  /** Runs {@code work} on the executor and answers its result as JSON. */
  static void answer(RoutingContext context, WorkerExecutor executor, Callable<?> work) {
    executor
        .executeBlocking(() -> Json.mapper().writeValueAsBytes(work.call()), false)
        .onSuccess(
            bytes ->
                context
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .end(Buffer.buffer(bytes)))
        .onFailure(context::fail);
  }

  /** An error as clients see it. */
  static Map<String, Object> error(ChengmaiException error) {
    return Map.of("code", error.code(), "message", String.valueOf(error.getMessage()));
  }

  /** The failure handler of the whole router. */
  static void fail(RoutingContext context) {
    Throwable failure = context.failure();
    ErrorCode code;
    String message;
    if (failure instanceof ChengmaiException known) {
      code = known.code();
      message = String.valueOf(known.getMessage());
    } else if (failure == null || context.statusCode() < 500) {
      code =
          context.statusCode() == 404
              ? ErrorCode.NOT_FOUND
              : context.statusCode() == 413 ? ErrorCode.TOO_LARGE : ErrorCode.INVALID_INPUT;
      message =
          "%s %s: %s"
              .formatted(
                  context.request().method(),
                  context.request().path(),
                  failure == null ? "status " + context.statusCode() : reason(failure));
    } else if (failure instanceof HttpClosedException) {
      LOG.debug("a client left before its request was whole");
      return;
    } else if (isBeingRead(context.request())) {
      LOG.debug("a body cannot be read", failure);
      code = ErrorCode.INVALID_INPUT;
      message = "the body cannot be read: " + failure.getMessage();
    } else {
      code = ErrorCode.INTERNAL;
      message = "an internal error; the log has it under " + context.request().path();
      LOG.atError()
          .setCause(failure)
          .addKeyValue("path", context.request().path())
          .log("request failed");
    }
    if (context.response().ended() || context.response().headWritten()) {
      context.response().reset();
      return;
    }
    answer(context, code, message);
  }

  /** What fails then is the reading: netty throws what it likes at bytes that are no HTTP. */
  private static boolean isBeingRead(HttpServerRequest request) {
    return !request.isEnded()
        && !request.method().equals(HttpMethod.GET)
        && !request.method().equals(HttpMethod.HEAD);
  }

  private static String reason(Throwable failure) {
    return String.valueOf((failure.getCause() == null ? failure : failure.getCause()).getMessage());
  }

  /** Answers an error past all handlers, for a request that no route can be found for. */
  static void refuse(RoutingContext context, String message) {
    answer(context, ErrorCode.INVALID_INPUT, message);
  }

  private static void answer(RoutingContext context, ErrorCode code, String message) {
    context
        .response()
        .setStatusCode(code.httpStatus())
        .putHeader("Content-Type", "application/json")
        .end(Json.write(Map.of("error", Map.of("code", code, "message", message))));
  }
}
