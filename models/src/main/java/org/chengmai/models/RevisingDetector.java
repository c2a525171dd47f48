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
 * @param <M> what is remembered of a series; never changed after it was made
 */
abstract class RevisingDetector<M> implements Detector<RevisingDetector.State<M>> {

  /** The memory of one series before and after its newest period. */
  record State<M>(SeriesKey key, M before, @Nullable Sample last, @Nullable Instant now, M after) {}

  /** One higher whenever the bytes of a snapshot change their meaning. */
  abstract int layout();

  abstract M fresh();

  /** The memory after a period; never changes {@code memory}. */
  abstract M observe(M memory, Sample sample);

  /** The memory when only time has passed. */
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
    M memory = fresh();
    return new State<>(key, memory, null, null, memory);
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
    if (state.last() == null || (state.now() != null && !now.isAfter(state.now()))) {
      return Step.ignored(state);
    }
    M after = pass(state.after(), now);
    // A memory that does not care about time needs no trace of it.
    return after == state.after()
        ? Step.ignored(state)
        : told(
            state,
            new State<>(state.key(), state.before(), state.last(), now, after),
            state.last());
  }

  @Override
  public final @Nullable Instant nextTick(State<M> state) {
    return state.last() == null ? null : passes(state.after());
  }

  @Override
  public final @Nullable Band band(State<M> state) {
    return state.last() == null || state.last().value() == null
        ? null
        : expected(state.before(), state.after());
  }

  private Step<State<M>> judge(State<M> state, Sample sample) {
    Sample last = state.last();
    int order = last == null ? 1 : sample.periodStart().compareTo(last.periodStart());
    if (order < 0 || (order == 0 && sample.revision() <= Objects.requireNonNull(last).revision())) {
      return Step.ignored(state);
    }
    M before = order == 0 ? state.before() : state.after();
    return told(
        state, new State<>(state.key(), before, sample, null, observe(before, sample)), sample);
  }

  private Step<State<M>> told(State<M> old, State<M> state, Sample sample) {
    Standing was = standing(old.after());
    Standing is = standing(state.after());
    if (Objects.equals(was, is)) {
      return Step.quiet(state);
    }
    Standing told =
        is != null
            ? is
            : new Standing(Anomaly.Status.CLEARED, Objects.requireNonNull(was).grade(), was.kind());
    return Step.found(state, describe(state.key(), state.after(), sample, told));
  }

  @Override
  public final byte[] write(State<M> state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(layout());
      out.writeUTF(state.key().toString());
      writeMemory(state.before(), out);
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
      writeInstant(out, state.now() == null ? Instant.MIN : state.now());
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
      M before = readMemory(in);
      if (!in.readBoolean()) {
        return new State<>(key, before, null, null, before);
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
              periodStart, revision, Double.isNaN(value) ? null : Double.valueOf(value), readings);
      Instant now = readInstant(in);
      M after = observe(before, last);
      return now.equals(Instant.MIN)
          ? new State<>(key, before, last, null, after)
          : new State<>(key, before, last, now, pass(after, now));
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
