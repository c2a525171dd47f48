package org.chengmai.engine.server;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.Intake;
import org.chengmai.connectors.feed.ObservationParser;
import org.chengmai.connectors.feed.Reading;
import org.chengmai.connectors.feed.Receipt;
import org.chengmai.connectors.feed.RowFormat;
import org.chengmai.engine.ingest.Corrections;
import org.chengmai.engine.ingest.DeadLetters;
import org.chengmai.engine.ingest.SeriesRegistry;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.Series;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Observations over HTTP: {@code POST /api/v1/observations}, the dead letters and the registered
 * series. Mount before any body handler: the body is taken as it comes, within the limits.
 *
 * <p>The body is JSON (an object or an array), {@code application/x-ndjson}, or {@code text/plain}
 * line protocol ({@code ?precision=ns|us|ms|s}), in UTF-8, plain or gzip. Answers: 200 with a
 * receipt when a row was stored or all were stored before; 400 with a receipt when every row was
 * bad; 413 above the limit; 429 when the queue is full and 503 when the store is away, both with
 * {@code Retry-After}.
 */
public final class ObservationRoutes {
  private static final String FEED = "http";

  /** How much of all bodies may be in memory at once, before and while they are parsed. */
  private static final long MAX_BUFFERED = 128L << 20;

  private final ObservationParser parser;
  private final Intake intake;
  private final Corrections corrections;
  private final DeadLetters deadLetters;
  private final SeriesRegistry registry;
  private final WorkerExecutor executor;
  private final AtomicLong buffered = new AtomicLong();

  /**
   * @param executor parses bodies and asks the database
   */
  public ObservationRoutes(
      ObservationParser parser,
      Intake intake,
      Corrections corrections,
      DeadLetters deadLetters,
      SeriesRegistry registry,
      WorkerExecutor executor) {
    this.parser = parser;
    this.intake = intake;
    this.corrections = corrections;
    this.deadLetters = deadLetters;
    this.registry = registry;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.post("/api/v1/observations").handler(this::push);
    router.get("/api/v1/dead-letters").handler(this::listDeadLetters);
    router.post("/api/v1/dead-letters/replay").handler(this::replay);
    router.get("/api/v1/series").handler(this::listSeries);
    router.post("/api/v1/series").handler(this::register);
  }

  private void push(RoutingContext context) {
    HttpServerRequest request = context.request();
    Principal principal = Requests.principal(context, Role.OPERATOR);
    Reading reading = reading(request);
    String key = request.getHeader("Idempotency-Key");
    boolean isCorrection = "true".equals(request.getParam("correction"));
    boolean isGzip = isGzip(request);
    body(
        context,
        body -> {
          byte[] payload = isGzip ? inflate(body) : body;
          Batch batch = parser.parse(FEED, reading, payload);
          return isCorrection
              ? CompletableFuture.completedFuture(corrections.submit(principal, key, batch))
              : intake.submit(principal, key, batch);
        });
  }

  /** What is done with a body, on a worker. */
  private interface Work {
    CompletionStage<Receipt> run(byte[] body);
  }

  private void body(RoutingContext context, Work work) {
    HttpServerRequest request = context.request();
    int limit = parser.limits().maxRequestBytes();
    long declared = declaredLength(request);
    if (declared > limit) {
      throw tooLarge(declared, limit);
    }
    Buffer body = Buffer.buffer((int) Math.max(1024, declared));
    // Answers go out on the connection's own event loop, not on the thread that committed.
    Context loop = context.vertx().getOrCreateContext();
    long[] reserved = new long[1];
    boolean[] isOver = new boolean[1];
    request.handler(
        chunk -> {
          if (isOver[0]) {
            return;
          }
          reserved[0] += chunk.length();
          if (buffered.addAndGet(chunk.length()) > MAX_BUFFERED) {
            isOver[0] = true;
            answerFailure(
                context,
                release(
                    reserved,
                    new ChengmaiException(
                        ErrorCode.RESOURCES, "ingest queue full: too many bodies at once")));
          } else if (body.length() + chunk.length() > limit) {
            isOver[0] = true;
            answerFailure(
                context, release(reserved, tooLarge(body.length() + chunk.length(), limit)));
          } else {
            body.appendBuffer(chunk);
          }
        });
    request.exceptionHandler(
        failure -> {
          isOver[0] = true;
          release(reserved, failure);
        });
    request.endHandler(
        end -> {
          if (!isOver[0]) {
            executor
                .<CompletionStage<Receipt>>executeBlocking(() -> work.run(body.getBytes()), false)
                .compose(stage -> Future.fromCompletionStage(stage, loop))
                .onComplete(done -> release(reserved, done))
                .onSuccess(receipt -> answer(context, receipt))
                .onFailure(failure -> answerFailure(context, failure));
          }
        });
    request.resume();
  }

  private <T> T release(long[] reserved, T result) {
    buffered.addAndGet(-reserved[0]);
    reserved[0] = 0;
    return result;
  }

  private static void answer(RoutingContext context, Receipt receipt) {
    boolean isAllBad = receipt.accepted() == 0 && !receipt.duplicate();
    context
        .response()
        .setStatusCode(isAllBad ? 400 : 200)
        .putHeader("Content-Type", "application/json")
        .end(Json.write(receipt));
  }

  private static void answerFailure(RoutingContext context, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ChengmaiException known
        && known.code().type() == ErrorCode.Type.RESOURCES
        && !context.response().headWritten()) {
      context.response().putHeader("Retry-After", known.code() == ErrorCode.RESOURCES ? "1" : "5");
    }
    if (cause instanceof ChengmaiException known
        && known.code() == ErrorCode.TOO_LARGE
        && !context.response().headWritten()) {
      // The rest of the body is not read.
      context.response().putHeader("Connection", "close");
    }
    context.fail(cause);
  }

  private static ChengmaiException tooLarge(long length, int limit) {
    return new ChengmaiException(
        ErrorCode.TOO_LARGE,
        "the body has %d bytes or more; at most %d are possible, send several requests"
            .formatted(length, limit));
  }

  private static long declaredLength(HttpServerRequest request) {
    String header = request.getHeader("Content-Length");
    try {
      return header == null ? 0 : Long.parseLong(header);
    } catch (NumberFormatException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "Content-Length '%s' is no number".formatted(header), e);
    }
  }

  private static Reading reading(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    String[] parts = (type == null ? "application/json" : type).toLowerCase(Locale.ROOT).split(";");
    for (int n = 1; n < parts.length; n++) {
      String parameter = parts[n].strip().replace("\"", "");
      if (parameter.startsWith("charset=")
          && !parameter.equals("charset=utf-8")
          && !parameter.equals("charset=us-ascii")) {
        throw new ChengmaiException(
            ErrorCode.INVALID_INPUT, "Content-Type '%s': UTF-8 is needed".formatted(type));
      }
    }
    return switch (parts[0].strip()) {
      case "application/json", "application/x-www-form-urlencoded" -> Reading.of(RowFormat.JSON);
      case "application/x-ndjson", "application/ndjson", "application/jsonl" ->
          Reading.of(RowFormat.NDJSON);
      case "text/plain" ->
          new Reading(RowFormat.LINE_PROTOCOL, null, precision(request.getParam("precision")));
      default ->
          throw new ChengmaiException(
              ErrorCode.INVALID_INPUT,
              "Content-Type '%s': application/json, application/x-ndjson or text/plain (line protocol) are possible"
                  .formatted(type));
    };
  }

  private static TimeUnit precision(@Nullable String name) {
    return switch (name == null ? "ns" : name) {
      case "ns" -> TimeUnit.NANOSECONDS;
      case "us" -> TimeUnit.MICROSECONDS;
      case "ms" -> TimeUnit.MILLISECONDS;
      case "s" -> TimeUnit.SECONDS;
      default ->
          throw new ChengmaiException(
              ErrorCode.INVALID_INPUT,
              "precision '%s': ns, us, ms or s are possible".formatted(name));
    };
  }

  private static boolean isGzip(HttpServerRequest request) {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding == null || encoding.equalsIgnoreCase("identity")) {
      return false;
    }
    if (encoding.equalsIgnoreCase("gzip")) {
      return true;
    }
    throw new ChengmaiException(
        ErrorCode.INVALID_INPUT, "Content-Encoding '%s': gzip is possible".formatted(encoding));
  }

  /** Unpacks, but never more than a plain body may have. */
  private byte[] inflate(byte[] body) {
    int limit = parser.limits().maxRequestBytes();
    ByteArrayOutputStream plain = new ByteArrayOutputStream(Math.min(limit, body.length * 6));
    try (InputStream packed = new GZIPInputStream(new ByteArrayInputStream(body), 64 << 10)) {
      byte[] part = new byte[64 << 10];
      for (int read = packed.read(part); read >= 0; read = packed.read(part)) {
        if (plain.size() + read > limit) {
          throw tooLarge(plain.size() + (long) read, limit);
        }
        plain.write(part, 0, read);
      }
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "the body is no gzip: " + e.getMessage(), e);
    }
    return plain.toByteArray();
  }

  private void listDeadLetters(RoutingContext context) {
    Requests.principal(context, Role.ADMIN);
    long before = number(context, "before", Long.MAX_VALUE);
    int limit = (int) Math.min(1000, number(context, "limit", 100));
    Requests.answer(
        context,
        executor,
        () ->
            Map.of("count", deadLetters.count(), "dead_letters", deadLetters.list(before, limit)));
  }

  /** The body of a replay. */
  private record ReplayRequest(List<Long> ids) {}

  private void replay(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.ADMIN);
    answer(context, ReplayRequest.class, form -> deadLetters.replay(principal, form.ids()));
  }

  private void listSeries(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    Requests.answer(
        context, executor, () -> registry.list().stream().map(ObservationRoutes::shown).toList());
  }

  private void register(RoutingContext context) {
    Requests.principal(context, Role.ADMIN);
    answer(
        context,
        SeriesForm[].class,
        forms ->
            Map.of(
                "registered",
                registry.register(Arrays.stream(forms).map(SeriesForm::series).toList())));
  }

  /** Reads the body and answers what the work makes of it. */
  private <T> void answer(RoutingContext context, Class<T> form, Function<T, ?> work) {
    context
        .request()
        .body()
        .onFailure(context::fail)
        .onSuccess(
            body ->
                Requests.answer(
                    context, executor, () -> work.apply(Json.read(body.toString(), form))));
  }

  /**
   * A series as it is on the wire: without a bound where there is none, since JSON has no infinity.
   */
  private record SeriesForm(
      String id,
      String measure,
      String region,
      String unit,
      @Nullable Double min,
      @Nullable Double max) {
    Series series() {
      if (id == null || measure == null || region == null || unit == null) {
        throw new ChengmaiException(
            ErrorCode.INVALID_INPUT, "a series needs id, measure, region and unit: " + this);
      }
      return new Series(
          id,
          measure,
          region,
          unit,
          min == null ? Double.NEGATIVE_INFINITY : min,
          max == null ? Double.POSITIVE_INFINITY : max);
    }
  }

  private static SeriesForm shown(Series one) {
    return new SeriesForm(
        one.id(),
        one.measure(),
        one.region(),
        one.unit(),
        Double.isInfinite(one.min()) ? null : one.min(),
        Double.isInfinite(one.max()) ? null : one.max());
  }

  private static long number(RoutingContext context, String name, long otherwise) {
    String text = context.request().getParam(name);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "%s '%s' is no whole number".formatted(name, text), e);
    }
  }
}
