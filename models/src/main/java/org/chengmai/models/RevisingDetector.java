package org.chengmai.models;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * The part that all detectors share: a memory that learns period by period, whose newest period may
 * be revised.
 *
 * <p>The state keeps the memory from before the newest period. A later revision of that period is
 * judged on it again, as if the earlier revision had never come, and what changed in the standing
 * is told. Periods before the newest one are settled: their revisions are ignored. A snapshot holds
 * only the memory before the newest period and the newest sample.
 *
 * @param <M> what is remembered of a series
 */
abstract class RevisingDetector<M> implements Detector<RevisingDetector.State<M>> {

  /**
   * The memory of one series before and after its newest period, changed in place: of 100,000
   * series, whatever is new with every point keeps the garbage collector busy, so that times are
   * numbers here.
   */
  static final class State<M> {
    private static final long NEVER = Long.MIN_VALUE;

    private final SeriesKey key;
    private M before;
    private M after;

    /** Start of the newest period in milliseconds since 1970; {@link #NEVER} before the first. */
    private long start = NEVER;

    private int revision;

    /** NaN when missing. */
    private double value = Double.NaN;

    private Map<String, Double> readings = Map.of();

    /** The last tick that changed something since that period. */
    private @Nullable Instant now;

    private State(SeriesKey key, M before, M after) {
      this.key = key;
      this.before = before;
      this.after = after;
    }

    M after() {
      return after;
    }

    private @Nullable Sample last() {
      return start == NEVER
          ? null
          : new Sample(
              Instant.ofEpochMilli(start),
              revision,
              Double.isNaN(value) ? null : Double.valueOf(value),
              readings);
    }

    private void see(Sample sample) {
      start = sample.periodStart().toEpochMilli();
      revision = sample.revision();
      value = sample.value() == null ? Double.NaN : sample.value();
      readings = sample.readings();
      now = null;
    }
  }

  /** One higher whenever the bytes of a snapshot change their meaning. */
  abstract int layout();

  abstract M fresh();

  /**
   * The memory after a period; never changes {@code memory}.
   *
   * @param spare another memory that nobody needs any more: may be changed and answered
   */
  abstract M observe(M memory, M spare, Sample sample);

  /** The memory when only time has passed; never changes {@code memory}. */
  M pass(M memory, Instant now) {
    return memory;
  }

  /** The earliest time at which {@link #pass} may change the memory; null for never. */
  @Nullable Instant passes(M memory) {
    return null;
  }

  /** What the memory stands for, null when all is well. */
  abstract @Nullable Standing standing(M memory);

  /** Puts a standing into words; {@code sample} is the newest period. */
  abstract Anomaly describe(SeriesKey key, M memory, Sample sample, Standing standing);

  /** This detector's anomaly for a standing at the newest period. */
  final Anomaly anomaly(
      SeriesKey key,
      Sample sample,
      Standing standing,
      @Nullable Band band,
      double score,
      Anomaly.Reasons reasons) {
    return new Anomaly(
        key,
        id(),
        model(),
        standing.status(),
        sample.periodStart(),
        sample.revision(),
        standing.grade(),
        sample.value(),
        band,
        score,
        reasons);
  }

  /**
   * What was expected of a period that has a value; null where a detector expects nothing, or
   * nothing yet.
   */
  @Nullable Band expected(M before, M after) {
    return null;
  }

  abstract void writeMemory(M memory, DataOutputStream out) throws IOException;

  abstract M readMemory(DataInputStream in) throws IOException;

  @Override
  public final State<M> initial(SeriesKey key) {
    return new State<>(key, fresh(), fresh());
  }

  @Override
  public final Step<State<M>> next(State<M> state, DetectorEvent event) {
    if (event instanceof DetectorEvent.Point point) {
      return judge(
          state,
          new Sample(
              point.point().periodStart(),
              point.point().revision(),
              point.point().value(),
              point.point().readings()));
    }
    if (event instanceof DetectorEvent.Missing missing) {
      return judge(state, new Sample(missing.periodStart(), 0, null));
    }
    Instant now = ((DetectorEvent.Tick) event).now();
    Sample last = state.last();
    if (last == null || (state.now != null && !now.isAfter(state.now))) {
      return Step.ignored(state);
    }
    M after = pass(state.after, now);
    // A memory that does not care about time needs no trace of it.
    if (after == state.after) {
      return Step.ignored(state);
    }
    Standing was = standing(state.after);
    state.after = after;
    state.now = now;
    return told(state, was, last);
  }

  @Override
  public final @Nullable Instant nextTick(State<M> state) {
    return state.start == State.NEVER ? null : passes(state.after);
  }

  @Override
  public final @Nullable Band band(State<M> state) {
    return Double.isNaN(state.value) ? null : expected(state.before, state.after);
  }

  private Step<State<M>> judge(State<M> state, Sample sample) {
    int order = Long.compare(sample.periodStart().toEpochMilli(), state.start);
    if (order < 0 || (order == 0 && sample.revision() <= state.revision)) {
      return Step.ignored(state);
    }
    Standing was = standing(state.after);
    M spare = state.after;
    if (order > 0) {
      spare = state.before;
      state.before = state.after;
    }
    state.after = observe(state.before, spare, sample);
    state.see(sample);
    return told(state, was, sample);
  }

  private Step<State<M>> told(State<M> state, @Nullable Standing was, Sample sample) {
    Standing is = standing(state.after);
    if (Objects.equals(was, is)) {
      return Step.quiet(state);
    }
    Standing told =
        is != null
            ? is
            : new Standing(Anomaly.Status.CLEARED, Objects.requireNonNull(was).grade(), was.kind());
    return Step.found(state, describe(state.key, state.after, sample, told));
  }

  @Override
  public final byte[] write(State<M> state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(layout());
      out.writeUTF(state.key.toString());
      writeMemory(state.before, out);
      Sample last = state.last();
      out.writeBoolean(last != null);
      if (last != null) {
        writeInstant(out, last.periodStart());
        out.writeInt(last.revision());
        out.writeDouble(last.value() == null ? Double.NaN : last.value());
        out.writeByte(last.readings().size());
        for (Map.Entry<String, Double> reading : new TreeMap<>(last.readings()).entrySet()) {
          out.writeUTF(reading.getKey());
          out.writeDouble(reading.getValue());
        }
      }
      writeInstant(out, state.now == null ? Instant.MIN : state.now);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public final State<M> read(byte[] snapshot) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
      int layout = in.readUnsignedByte();
      if (layout != layout()) {
        throw unreadable("layout %d is not %d".formatted(layout, layout()), null);
      }
      SeriesKey key = SeriesKey.parse(in.readUTF());
      State<M> state = new State<>(key, readMemory(in), fresh());
      if (!in.readBoolean()) {
        return state;
      }
      Instant periodStart = readInstant(in);
      int revision = in.readInt();
      double value = in.readDouble();
      Map<String, Double> readings = new HashMap<>();
      for (int left = in.readUnsignedByte(); left > 0; left--) {
        readings.put(in.readUTF(), in.readDouble());
      }
      Sample last =
          new Sample(
              periodStart,
              revision,
              Double.isNaN(value) ? null : Double.valueOf(value),
              Map.copyOf(readings));
      state.after = observe(state.before, state.after, last);
      state.see(last);
      Instant now = readInstant(in);
      if (!now.equals(Instant.MIN)) {
        state.after = pass(state.after, now);
        state.now = now;
      }
      return state;
    } catch (IOException | RuntimeException e) {
      throw e instanceof ChengmaiException known ? known : unreadable("cut short or damaged", e);
    }
  }

  final ChengmaiException unreadable(String why, @Nullable Exception cause) {
    return new ChengmaiException(
        ErrorCode.INVALID_INPUT, "snapshot of detector %s: %s".formatted(id(), why), cause);
  }

  static void writeInstant(DataOutputStream out, Instant time) throws IOException {
    out.writeLong(time.getEpochSecond());
    out.writeInt(time.getNano());
  }

  static Instant readInstant(DataInputStream in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }
}
