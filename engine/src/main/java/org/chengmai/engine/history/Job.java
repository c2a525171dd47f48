package org.chengmai.engine.history;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work over the past, and how far it has come.
 *
 * @param codes of the indicators that were asked for, empty for all; of a backtest one code, or
 *     {@code code/region}
 * @param definition YAML of a trial, else null
 * @param by who asked for it
 * @param done finished slices
 * @param total slices, 0 before it has begun
 * @param points that were published; of a trial or backtest the values that were judged
 * @param failure why it failed, or what of it
 * @param report JSON of a finished trial or backtest, see {@link
 *     org.chengmai.engine.pipeline.DryRun.Report} and {@link
 *     org.chengmai.engine.pipeline.Backtest.Report}
 */
public record Job(
    long id,
    Kind kind,
    List<String> codes,
    Instant from,
    Instant to,
    @Nullable String definition,
    String by,
    State state,
    int done,
    int total,
    long points,
    @Nullable String failure,
    @JsonRawValue @Nullable String report,
    Instant createdAt,
    @Nullable Instant endedAt) {

  /** What a job does. */
  @JsonSerialize(using = ToStringSerializer.class)
  public enum Kind {
    /** Computes history by the versions that were in force. */
    BACKFILL,
    /** Computes history with a new version that replaces earlier ones. */
    RESTATE,
    /** Tries a definition on history, without publishing. */
    DRY_RUN,
    /** Tries an indicator's detectors on its stored history, without alerting. */
    BACKTEST;

    /** Reads {@code backfill}, {@code restate}, {@code dry-run} or {@code backtest}. */
    public static Kind of(String text) {
      return Arrays.stream(values())
          .filter(kind -> kind.toString().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new ChengmaiException(
                      ErrorCode.INVALID_INPUT,
                      "kind '%s': backfill, restate, dry-run or backtest".formatted(text)));
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Where a job stands. */
  public enum State {
    WAITING,
    RUNNING,
    DONE,
    FAILED,
    CANCELLED
  }

  boolean isOver() {
    return state != State.WAITING && state != State.RUNNING;
  }

  /** The same without its texts, for lists. */
  public Job inShort() {
    return new Job(
        id, kind, codes, from, to, null, by, state, done, total, points, failure, null, createdAt,
        endedAt);
  }
}
