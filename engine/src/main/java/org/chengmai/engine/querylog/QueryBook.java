package org.chengmai.engine.querylog;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.chengmai.engine.sql.EndedQuery;
import org.chengmai.engine.sql.EndedQuery.Outcome;
import org.chengmai.engine.sql.Via;
import org.chengmai.indicators.ErrorCode;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The log's entries in the engine's PostgreSQL. Safe for several threads. */
final class QueryBook {
  private static final String COLUMNS =
      "seq, id, principal, via, started_at, ended_at, sql, plan_hash, sources, source_rows, source_bytes, rows, queue_ms, plan_ms, run_ms,"
          + " first_row_ms, client_ms, outcome, code, message, is_slow";

  /** Longer texts are cut off. */
  private static final int SQL_LENGTH = 10_000;

  private static final int PLAN_LENGTH = 50_000;

  private final Jdbi jdbi;

  QueryBook(DataSource database) {
    this.jdbi = Jdbi.create(database);
  }

  /**
   * @param withText whether what users typed is kept
   */
  void keep(List<EndedQuery> queries, boolean withText) {
    jdbi.useTransaction(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  "INSERT INTO chengmai.query_log (id, principal, via, started_at, ended_at, sql, plan_hash, sources, source_rows,"
                      + " source_bytes, rows, queue_ms, plan_ms, run_ms, first_row_ms, client_ms, outcome, code, message, is_slow, plan)"
                      + " VALUES (:id, :principal, :via, :started, :ended, :sql, :hash, :sources, :sourceRows,"
                      + " :sourceBytes, :rows, :queue, :plan, :run, :firstRow, :client, :outcome, :code, :message, :slow, :steps)");
          for (EndedQuery query : queries) {
            EndedQuery.Failure error = query.error();
            batch
                .bind("id", query.id())
                .bind("principal", text(query.user(), SQL_LENGTH))
                .bind("via", name(query.via()))
                .bind("started", query.started())
                .bind("ended", query.ended())
                .bind("sql", withText ? text(query.sql(), SQL_LENGTH) : null)
                .bind("hash", query.planHash())
                .bindArray("sources", String.class, query.sources().toArray())
                .bind("sourceRows", query.moved().rows())
                .bind("sourceBytes", query.moved().bytes())
                .bind("rows", query.rows())
                .bind("queue", query.times().queue())
                .bind("plan", query.times().plan())
                .bind("run", query.times().run())
                .bind("firstRow", query.times().firstRow())
                .bind("client", query.times().client())
                .bind("outcome", name(query.outcome()))
                .bind("code", error == null ? null : error.code().name())
                .bind(
                    "message",
                    error == null || !withText ? null : text(error.message(), SQL_LENGTH))
                .bind("slow", query.isSlow())
                .bind("steps", withText ? text(query.plan(), PLAN_LENGTH) : null)
                .add();
          }
          batch.execute();
        });
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** As PostgreSQL takes it: without NUL and halves of characters. */
  private static @Nullable String text(@Nullable String text, int length) {
    if (text == null) {
      return null;
    }
    String part = text.length() > length ? text.substring(0, length) + "…" : text;
    byte[] clean = part.replace('\0', '\uFFFD').getBytes(StandardCharsets.UTF_8);
    return new String(clean, StandardCharsets.UTF_8);
  }

  /** The newest first, without their plans. */
  List<LoggedQuery> search(LoggedQuery.Search search) {
    StringBuilder where = new StringBuilder();
    and(where, search.user(), "principal = :user");
    and(where, search.text(), "strpos(lower(sql), lower(:text)) > 0");
    and(
        where,
        hasPairs(search.text()) ? true : null,
        "chengmai.character_pairs(sql) @> chengmai.character_pairs(:text)");
    and(where, search.outcome(), "outcome = :outcome");
    and(where, search.isSlow() ? true : null, "is_slow");
    and(where, search.from(), "started_at >= :from");
    and(where, search.to(), "started_at < :to");
    and(where, search.before(), "seq < :before");
    return jdbi.withHandle(
        handle -> {
          Query query =
              handle
                  .createQuery(
                      "SELECT %s, NULL AS plan FROM chengmai.query_log%s ORDER BY seq DESC LIMIT :limit"
                          .formatted(COLUMNS, where))
                  .bind("limit", search.limit());
          bind(query, "user", search.user());
          bind(query, "text", search.text() == null ? null : text(search.text(), SQL_LENGTH));
          bind(query, "outcome", search.outcome() == null ? null : name(search.outcome()));
          bind(query, "from", search.from());
          bind(query, "to", search.to());
          bind(query, "before", search.before());
          return query.map((row, context) -> entry(row)).list();
        });
  }

  /** Whether the index helps to find a text. */
  private static boolean hasPairs(@Nullable String text) {
    return text != null && text.codePointCount(0, text.length()) > 1;
  }

  private static void and(StringBuilder where, @Nullable Object value, String condition) {
    if (value != null) {
      where.append(where.isEmpty() ? " WHERE " : " AND ").append(condition);
    }
  }

  private static void bind(Query query, String name, @Nullable Object value) {
    if (value != null) {
      query.bind(name, value);
    }
  }

  /**
   * The newest with that id, with its plan.
   *
   * @param user null for anyone's
   */
  Optional<LoggedQuery> find(UUID id, @Nullable String user) {
    return jdbi.withHandle(
        handle -> {
          Query query =
              handle
                  .createQuery(
                      "SELECT %s, plan FROM chengmai.query_log WHERE id = :id%s ORDER BY seq DESC LIMIT 1"
                          .formatted(COLUMNS, user == null ? "" : " AND principal = :user"))
                  .bind("id", id);
          bind(query, "user", user);
          return query.map((row, context) -> entry(row)).findOne();
        });
  }

  /** Deletes what ended before; answers how many entries. */
  int deleteBefore(Instant time) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate("DELETE FROM chengmai.query_log WHERE ended_at < :time")
                .bind("time", time)
                .execute());
  }

  private static LoggedQuery entry(ResultSet row) throws SQLException {
    String code = row.getString("code");
    return new LoggedQuery(
        row.getLong("seq"),
        row.getObject("id", UUID.class),
        row.getString("principal"),
        Via.valueOf(row.getString("via").toUpperCase(Locale.ROOT)),
        row.getTimestamp("started_at").toInstant(),
        row.getTimestamp("ended_at").toInstant(),
        row.getString("sql"),
        row.getString("plan_hash"),
        Arrays.asList((String[]) row.getArray("sources").getArray()),
        row.getLong("source_rows"),
        row.getLong("source_bytes"),
        row.getLong("rows"),
        row.getLong("queue_ms"),
        row.getLong("plan_ms"),
        row.getLong("run_ms"),
        row.getObject("first_row_ms", Long.class),
        row.getObject("client_ms", Long.class),
        Outcome.valueOf(row.getString("outcome").toUpperCase(Locale.ROOT)),
        code == null ? null : ErrorCode.valueOf(code),
        row.getString("message"),
        row.getBoolean("is_slow"),
        row.getString("plan"));
  }
}
