package org.chengmai.engine.server;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.chengmai.engine.sql.QueryRequest;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.Via;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.jspecify.annotations.Nullable;

/**
 * A query as a request has it: JSON with a field {@code sql} and perhaps {@code parameters}, or the
 * SQL itself; its id in the header {@code X-Query-Id} if the client chose one.
 */
record SqlBody(String sql, List<@Nullable Object> parameters, @Nullable UUID id, Via via) {
  /** How {@code chengmai sql} names itself in {@code User-Agent}. */
  static final String TERMINAL = "chengmai-sql";

  private static final String QUERY_ID = "X-Query-Id";

  static SqlBody of(RoutingContext context) {
    HttpServerRequest request = context.request();
    String given = request.getHeader(QUERY_ID);
    UUID id = given == null ? null : Requests.id(given);
    Via via = TERMINAL.equals(request.getHeader("User-Agent")) ? Via.TERMINAL : Via.HTTP;
    String body = context.body().asString(StandardCharsets.UTF_8.name());
    String type = String.valueOf(request.getHeader("Content-Type"));
    if (body == null || !type.contains("json") && !body.stripLeading().startsWith("{")) {
      return new SqlBody(body == null ? "" : body, Collections.emptyList(), id, via);
    }
    try {
      JsonObject json = new JsonObject(body);
      if (json.getValue("sql") instanceof String sql) {
        return new SqlBody(sql, parameters(json.getValue("parameters")), id, via);
      }
    } catch (DecodeException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "the body is no valid JSON: " + e.getMessage(), e);
    }
    throw new ChengmaiException(
        ErrorCode.INVALID_INPUT, "the body needs a field 'sql' with the text of the query");
  }

  private static List<@Nullable Object> parameters(@Nullable Object given) {
    if (given == null) {
      return Collections.emptyList();
    }
    if (given instanceof JsonArray array
        && array.stream()
            .noneMatch(value -> value instanceof JsonArray || value instanceof JsonObject)) {
      return Collections.unmodifiableList(array.getList());
    }
    throw new ChengmaiException(
        ErrorCode.INVALID_INPUT,
        "'parameters' is a list of texts, numbers, truth values and nulls, in the order of ? in the SQL");
  }

  /** Numbers and truth values of JSON are such; what a text or a null is, its place says. */
  private static String type(@Nullable Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return "BIGINT";
    }
    if (value instanceof Number) {
      return "DECIMAL";
    }
    return value instanceof Boolean ? "BOOLEAN" : "";
  }

  /** What the engine is asked; plans it where it has parameters, and so blocks. */
  QueryRequest request(SqlEngine engine, Principal principal) {
    QueryRequest bare = QueryRequest.of(principal, via, sql);
    QueryRequest request = id == null ? bare : bare.withId(id);
    return parameters.isEmpty()
        ? request
        : request.with(
            engine.prepare(request, parameters.stream().map(SqlBody::type).toList()), parameters);
  }
}
