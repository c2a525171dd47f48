package org.chengmai.connectors.feed;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Series;
import org.jspecify.annotations.Nullable;

/**
 * Collects the rows of one payload: checks each against its series and the limits, and files it as
 * good or bad. One thread.
 */
final class Rows {
  private static final int MAX_ID = 256;

  private final byte[] payload;
  private final FeedLimits limits;
  private final SeriesLookup registry;
  private final Instant received;
  private final long earliest;
  private final long latest;
  private final List<Observation> good = new ArrayList<>();
  private final List<BadRecord> bad = new ArrayList<>();

  Rows(byte[] payload, FeedLimits limits, SeriesLookup registry, Instant received) {
    this.payload = payload;
    this.limits = limits;
    this.registry = registry;
    this.received = received;
    this.earliest = received.minus(limits.back()).toEpochMilli();
    this.latest = received.plus(limits.ahead()).toEpochMilli();
  }

  Instant received() {
    return received;
  }

  FeedLimits limits() {
    return limits;
  }

  /** Files the row that stands from {@code from} to {@code to}. */
  void add(String id, long time, double value, @Nullable String eventId, int from, int to) {
    Series series = registry.find(id);
    String problem = null;
    if (to - from > limits.maxRowBytes()) {
      problem = tooLong(to - from);
    } else if (series == null) {
      problem = "series '%s' is not registered".formatted(shown(id));
    } else if (time < earliest || time > latest) {
      problem = outside(time);
    } else if (!Double.isFinite(value)) {
      problem = "value %s is not a finite number".formatted(value);
    } else if (value < series.min() || value > series.max()) {
      problem =
          "value %s of series %s is outside its plausible range %s to %s"
              .formatted(value, series.id(), series.min(), series.max());
    } else if (eventId != null && (eventId.isEmpty() || eventId.length() > MAX_ID)) {
      problem =
          "id '%s' has %d characters; 1 to %d are possible"
              .formatted(shown(eventId), eventId.length(), MAX_ID);
    }
    if (problem != null || series == null) {
      bad(String.valueOf(problem), from, to);
    } else {
      good.add(new Observation(series.id(), Instant.ofEpochMilli(time), value, received, eventId));
    }
  }

  void bad(String reason, int from, int to) {
    bad.add(BadRecord.of(reason, payload, from, to, limits.maxOriginalBytes()));
  }

  /** Whether so many rows were bad that the rest is not worth reading. */
  boolean isHopeless() {
    return bad.size() >= limits.maxBadRows();
  }

  /** Files everything from {@code from} on as one bad row. */
  void giveUp(int from, int to) {
    bad(
        "%d rows were bad; the remaining %d bytes were not read".formatted(bad.size(), to - from),
        from,
        to);
  }

  Batch batch(String feed, Reading reading) {
    return new Batch(feed, reading, good, bad);
  }

  String tooLong(int length) {
    return "the row has %d bytes; at most %d are possible".formatted(length, limits.maxRowBytes());
  }

  /** Why the bytes are not UTF-8, or null when they are. */
  @Nullable String charsetProblem(int from, int to) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(payload, from, to - from);
    CharBuffer characters = CharBuffer.allocate(1024);
    while (true) {
      CoderResult result = decoder.decode(bytes, characters, true);
      if (result.isError()) {
        return "the row is not UTF-8: byte 0x%02X at position %d of the row"
            .formatted(payload[bytes.position()], bytes.position() - from);
      }
      if (result.isUnderflow()) {
        return null;
      }
      characters.clear();
    }
  }

  private String outside(long time) {
    String shown;
    try {
      shown = Instant.ofEpochMilli(time).toString();
    } catch (DateTimeException e) {
      shown = String.valueOf(time);
    }
    return "time %s is outside %s to %s"
        .formatted(shown, Instant.ofEpochMilli(earliest), Instant.ofEpochMilli(latest));
  }

  /** A value as it may stand in a reason: short, without control characters. */
  static String shown(String value) {
    String shown =
        value.length() > 80
            ? value.substring(
                    0,
                    value.offsetByCodePoints(
                        0, Math.min(80, value.codePointCount(0, value.length()))))
                + "…"
            : value;
    return shown.replaceAll("\\p{Cntrl}", "�");
  }
}
