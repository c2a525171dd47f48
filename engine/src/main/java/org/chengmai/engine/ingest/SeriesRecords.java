package org.chengmai.engine.ingest;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.io.NumberOutput;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.chengmai.indicators.Series;
import org.jspecify.annotations.Nullable;

/**
 * Writes the Kafka records of one series: {@code
 * {"v":1,"series","measure","region","time","value","received","id"?}}. What never changes is kept
 * as bytes, because this runs for every observation. Safe for several threads.
 */
final class SeriesRecords {
  private static final byte[] VALUE = ",\"value\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RECEIVED = ",\"received\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ID = ",\"id\":\"".getBytes(StandardCharsets.US_ASCII);

  private final Series series;
  private final byte[] key;
  private final byte[] prefix;

  SeriesRecords(Series series) {
    this(series, series.id(), series.measure(), series.region());
  }

  private SeriesRecords(Series series, String id, String measure, String region) {
    this.series = series;
    this.key = id.getBytes(StandardCharsets.UTF_8);
    this.prefix =
        "{\"v\":1,\"series\":\"%s\",\"measure\":\"%s\",\"region\":\"%s\",\"time\":"
            .formatted(escaped(id), escaped(measure), escaped(region))
            .getBytes(StandardCharsets.UTF_8);
  }

  Series series() {
    return series;
  }

  byte[] key() {
    return key;
  }

  byte[] value(Instant time, double value, Instant received, @Nullable String id) {
    byte[] idText = id == null ? null : JsonStringEncoder.getInstance().quoteAsUTF8(id);
    byte[] out =
        new byte
            [prefix.length
                + 20
                + VALUE.length
                + 26
                + RECEIVED.length
                + 20
                + (idText == null ? 0 : ID.length + idText.length + 1)
                + 1];
    int at = put(out, 0, prefix);
    at = NumberOutput.outputLong(time.toEpochMilli(), out, at);
    at = put(out, at, VALUE);
    at = number(out, at, value);
    at = put(out, at, RECEIVED);
    at = NumberOutput.outputLong(received.toEpochMilli(), out, at);
    if (idText != null) {
      at = put(out, at, ID);
      at = put(out, at, idText);
      out[at++] = '"';
    }
    out[at++] = '}';
    return Arrays.copyOf(out, at);
  }

  /**
   * Writes the shortest usual form; values of up to three decimals, as sensors have, without making
   * a text first.
   */
  private static int number(byte[] out, int from, double value) {
    long thousandths = Math.round(value * 1000);
    // Equal exactly when reading the decimal gives this very double again.
    if (Math.abs(thousandths) < 1L << 50 && thousandths / 1000.0 == value) {
      int at = from;
      if (thousandths < 0) {
        out[at++] = '-';
      }
      long positive = Math.abs(thousandths);
      at = NumberOutput.outputLong(positive / 1000, out, at);
      int rest = (int) (positive % 1000);
      if (rest > 0) {
        out[at++] = '.';
        for (int place = 100; rest > 0; place /= 10) {
          out[at++] = (byte) ('0' + rest / place);
          rest %= place;
        }
      }
      return at;
    }
    return put(out, from, NumberOutput.toString(value, true).getBytes(StandardCharsets.US_ASCII));
  }

  private static int put(byte[] out, int at, byte[] text) {
    System.arraycopy(text, 0, out, at, text.length);
    return at + text.length;
  }

  private static String escaped(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }
}
