package org.chengmai.connectors.druid;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.chengmai.connectors.Breaker;
import org.chengmai.connectors.arrow.Answer;
import org.chengmai.connectors.arrow.BatchReader;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * An answer of Druid: {@code arrayLines} parsed token by token into vectors. One without its
 * closing empty line broke off, which is an error and not an end.
 */
final class DruidAnswer implements Answer {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .build()
          .setCodec(new ObjectMapper());

  private final DruidClient client;
  private final DruidCatalog catalog;
  private final Breaker breaker;
  private final String sql;
  private final String id = UUID.randomUUID().toString();
  private volatile boolean isCancelled;
  private volatile @Nullable CompletableFuture<HttpResponse<InputStream>> asked;
  private volatile @Nullable LastBytes body;
  private @Nullable JsonParser parser;
  private List<FieldVector> vectors = List.of();
  private boolean isAtEnd;

  DruidAnswer(DruidClient client, DruidCatalog catalog, Breaker breaker, String sql) {
    this.client = client;
    this.catalog = catalog;
    this.breaker = breaker;
    this.sql = sql;
  }

  @Override
  public void start(VectorSchemaRoot batch) throws IOException, SQLException {
    vectors = batch.getFieldVectors();
    LastBytes answer = new LastBytes(ask());
    body = answer;
    JsonParser rows = JSON.createParser(answer);
    parser = rows;
    int names = skipLine(rows);
    skipLine(rows);
    if (names != vectors.size()) {
      throw new SQLException(
          "%d columns are expected and %d came".formatted(vectors.size(), names));
    }
  }

  private InputStream ask() throws SQLException {
    Map<String, Object> context = DruidConnection.context(id);
    try {
      return ask(sql, context);
    } catch (ChengmaiException e) {
      // a table that is expected but not there yet, or not all of its columns
      String standIn = e.code() == ErrorCode.INVALID_INPUT ? catalog.withStandIns(sql) : null;
      if (standIn == null) {
        throw e;
      }
      return ask(standIn, context);
    }
  }

  private InputStream ask(String text, Map<String, Object> context) throws SQLException {
    return DruidClient.rows(breaker.attempt(() -> answer(text, context), DruidSource::isUnreached));
  }

  private HttpResponse<InputStream> answer(String text, Map<String, Object> context)
      throws SQLException {
    CompletableFuture<HttpResponse<InputStream>> question = client.ask(text, context);
    asked = question;
    if (isCancelled) {
      question.cancel(true);
    }
    try {
      return question.join();
    } catch (CancellationException e) {
      throw new SQLException("cancelled before Druid answered", e);
    } catch (CompletionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new SQLException("Druid does not answer: " + cause.getMessage(), cause);
    }
  }

  /** Skips one of the header lines and counts its entries. */
  private static int skipLine(JsonParser rows) throws IOException {
    if (rows.nextToken() != JsonToken.START_ARRAY) {
      throw brokeOff("its header is missing", null);
    }
    int entries = 0;
    while (rows.nextToken() != JsonToken.END_ARRAY) {
      entries++;
    }
    return entries;
  }

  @Override
  public int fill(int limit) throws IOException {
    JsonParser rows = Objects.requireNonNull(parser);
    LastBytes from = Objects.requireNonNull(body);
    DruidColumn[] columns = vectors.stream().map(DruidColumn::of).toArray(DruidColumn[]::new);
    long full = from.count() + BatchReader.BYTES;
    int row = 0;
    try {
      while (row < limit && from.count() < full && !isAtEnd) {
        JsonToken token = rows.nextToken();
        if (token == null) {
          if (!from.endWithEmptyLine()) {
            throw new IOException("the end is missing");
          }
          isAtEnd = true;
          break;
        }
        if (token != JsonToken.START_ARRAY) {
          throw new IOException("'%s' is no row".formatted(rows.getText()));
        }
        for (DruidColumn column : columns) {
          JsonToken value = rows.nextToken();
          if (value == JsonToken.END_ARRAY) {
            throw new IOException("a row is too short");
          }
          if (value != JsonToken.VALUE_NULL) {
            column.set(row, value, rows);
          }
        }
        if (rows.nextToken() != JsonToken.END_ARRAY) {
          throw new IOException("a row is too long");
        }
        row++;
      }
    } catch (IOException e) {
      throw brokeOff(e.getMessage(), e);
    }
    return row;
  }

  private static IOException brokeOff(@Nullable String reason, @Nullable IOException cause) {
    return new IOException("Druid's answer broke off: " + reason, cause);
  }

  @Override
  public void cancel() {
    isCancelled = true;
    if (asked != null) {
      try {
        client.cancel(id);
      } catch (ChengmaiException e) {
        // Druid is gone, and the query with it
      }
    }
  }

  @Override
  public void abort() {
    CompletableFuture<HttpResponse<InputStream>> question = asked;
    if (question != null) {
      question.cancel(true);
    }
    LastBytes answer = body;
    if (answer != null) {
      try {
        answer.close();
      } catch (IOException e) {
        // it is closed already
      }
    }
  }

  @Override
  public void close() {
    if (!isAtEnd) {
      cancel();
    }
    abort();
  }
}
