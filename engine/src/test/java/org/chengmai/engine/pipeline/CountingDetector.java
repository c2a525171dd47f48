package org.chengmai.engine.pipeline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * A real detector, small and sensitive to order: fires above a limit that moves with every event
 * seen, clears below it or when ticks alone go by. It tells of changes only and cites how much it
 * has seen, so that any event doubled or lost shows.
 */
final class CountingDetector implements Detector<CountingDetector.State> {
  private final String model;
  private final double limit;

  CountingDetector(String model, double limit) {
    this.model = model;
    this.limit = limit;
  }

  record State(
      SeriesKey key,
      long seen,
      double sum,
      boolean isFiring,
      int ticks,
      long period,
      int revision) {}

  @Override
  public String id() {
    return "counting";
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public State initial(SeriesKey key) {
    return new State(key, 0, 0, false, 0, 0, 0);
  }

  @Override
  public Step<State> next(State was, DetectorEvent event) {
    if (event instanceof DetectorEvent.Tick) {
      State state =
          new State(
              was.key,
              was.seen,
              was.sum,
              was.isFiring && was.ticks < 3,
              was.ticks + 1,
              was.period,
              was.revision);
      return told(was, state, null);
    }
    Instant period;
    int revision = 0;
    Double value = null;
    if (event instanceof DetectorEvent.Point point) {
      period = point.point().periodStart();
      revision = point.point().revision();
      value = point.point().value();
    } else {
      period = ((DetectorEvent.Missing) event).periodStart();
    }
    double sum = 0.9 * was.sum + (value == null ? 0 : value);
    boolean isFiring = value == null ? was.isFiring : value > limit + Math.sin(was.seen + sum);
    return told(
        was,
        new State(was.key, was.seen + 1, sum, isFiring, 0, period.toEpochMilli(), revision),
        value);
  }

  private Step<State> told(State was, State state, @Nullable Double value) {
    if (was.isFiring == state.isFiring) {
      return Step.quiet(state);
    }
    Anomaly anomaly =
        new Anomaly(
            state.key,
            id(),
            model,
            state.isFiring ? Anomaly.Status.FIRING : Anomaly.Status.CLEARED,
            Instant.ofEpochMilli(state.period),
            state.revision,
            Grade.values()[(int) (state.seen % 4)],
            value,
            band(state),
            state.sum,
            Anomaly.Reasons.of("见过 " + state.seen, "seen " + state.seen));
    return Step.found(state, anomaly);
  }

  @Override
  public Band band(State state) {
    return new Band(limit - 1, limit, limit + 1);
  }

  @Override
  public byte[] write(State state) {
    byte[] key = state.key.toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(64 + key.length)
        .putLong(state.seen)
        .putDouble(state.sum)
        .putInt(state.isFiring ? 1 : 0)
        .putInt(state.ticks)
        .putLong(state.period)
        .putInt(state.revision)
        .putInt(key.length)
        .put(key)
        .array();
  }

  @Override
  public State read(byte[] snapshot) {
    ByteBuffer in = ByteBuffer.wrap(snapshot);
    long seen = in.getLong();
    double sum = in.getDouble();
    boolean isFiring = in.getInt() == 1;
    int ticks = in.getInt();
    long period = in.getLong();
    int revision = in.getInt();
    byte[] key = new byte[in.getInt()];
    in.get(key);
    return new State(
        SeriesKey.parse(new String(key, StandardCharsets.UTF_8)),
        seen,
        sum,
        isFiring,
        ticks,
        period,
        revision);
  }
}
