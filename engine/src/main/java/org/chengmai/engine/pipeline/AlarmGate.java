package org.chengmai.engine.pipeline;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Anomaly.Status;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of a series' alarms are raised, by its {@link AlarmPolicy}. One that is held back
 * is raised later if it still holds: one on a bad value as soon as there is a better one, one
 * beyond the day's budget on the next day or when it becomes red. What calls nobody passes and uses
 * up no budget before it does. How many were held back beyond the budget is told with the alarms
 * that are raised, and at the end of the day in an alarm of its own that is over at once. What is
 * no alarm (pending, the end of one that was raised) passes.
 */
final class AlarmGate {
  /** The name under which its state is saved, and its summary told. */
  static final String ID = "budget";

  private final Map<String, Standing> standings = new TreeMap<>();
  private long day = Long.MIN_VALUE;
  private int raised;
  private int merged;
  private Grade worst = Grade.BLUE;
  private boolean isDirty;

  /** What became of the alarm that a detector holds. */
  private enum Standing {
    RAISED,
    MERGED,
    SUPPRESSED,
    QUIET
  }

  boolean isDirty() {
    return isDirty;
  }

  /**
   * The anomalies that pass.
   *
   * @param isSuppressed whether they rest on a value that none is raised on
   * @param isQuiet whether an anomaly calls nobody
   */
  List<Anomaly> pass(
      List<Anomaly> found,
      AlarmPolicy policy,
      Instant at,
      boolean isSuppressed,
      Predicate<Anomaly> isQuiet) {
    List<Anomaly> passed = new ArrayList<>(found.size());
    for (Anomaly anomaly : found) {
      Standing was = standings.get(anomaly.detector());
      if (anomaly.status() == Status.FIRING) {
        begin(at, policy);
        Standing is = decide(was, anomaly, policy, isSuppressed, isQuiet);
        if (is != was) {
          standings.put(anomaly.detector(), is);
          count(is, anomaly.grade());
        }
        if (isTold(is)) {
          passed.add(merged == 0 ? anomaly : anomaly.with(sentence(policy)));
        }
      } else if (anomaly.status() == Status.CLEARED) {
        isDirty |= standings.remove(anomaly.detector()) != null;
        if (was == null || isTold(was)) {
          passed.add(anomaly);
        }
      } else if (was == null || isTold(was)) {
        passed.add(anomaly);
      }
    }
    return passed;
  }

  private static boolean isTold(Standing standing) {
    return standing == Standing.RAISED || standing == Standing.QUIET;
  }

  private Standing decide(
      @Nullable Standing was,
      Anomaly anomaly,
      AlarmPolicy policy,
      boolean isSuppressed,
      Predicate<Anomaly> isQuiet) {
    if (was == Standing.RAISED) {
      return was;
    }
    if (was == Standing.QUIET) {
      return isQuiet.test(anomaly) ? was : Standing.RAISED;
    }
    if (isSuppressed) {
      return Standing.SUPPRESSED;
    }
    if (isQuiet.test(anomaly)) {
      return Standing.QUIET;
    }
    return policy.perDay() == null || raised < policy.perDay() || anomaly.grade() == Grade.RED
        ? Standing.RAISED
        : Standing.MERGED;
  }

  private void count(Standing is, Grade grade) {
    isDirty = true;
    if (is == Standing.RAISED) {
      raised++;
    } else if (is == Standing.MERGED) {
      merged++;
      worst = grade.compareTo(worst) > 0 ? grade : worst;
    }
  }

  /** A new day has a budget of its own; what was held back before was told at its end. */
  private void begin(Instant at, AlarmPolicy policy) {
    long today = at.atZone(policy.zone()).toLocalDate().toEpochDay();
    if (today > day) {
      day = today;
      raised = 0;
      isDirty = true;
    }
  }

  /** When the day ends on which alarms were held back; null when none was. */
  @Nullable Instant nextTick(AlarmPolicy policy) {
    return merged == 0
        ? null
        : LocalDate.ofEpochDay(day + 1).atStartOfDay(policy.zone()).toInstant();
  }

  /** What was held back on a day that is over, as an alarm that begins and ends at once. */
  List<Anomaly> endOfDay(SeriesKey key, int version, AlarmPolicy policy, Instant now) {
    Instant end = nextTick(policy);
    if (end == null || now.isBefore(end)) {
      return List.of();
    }
    Reasons reasons = sentence(policy);
    merged = 0;
    worst = Grade.BLUE;
    isDirty = true;
    return List.of(
        summary(key, version, Status.FIRING, end, reasons),
        summary(key, version, Status.CLEARED, end, reasons));
  }

  private static Anomaly summary(
      SeriesKey key, int version, Status status, Instant end, Reasons reasons) {
    return new Anomaly(
        key, ID, ID + "@" + version, status, end, 0, Grade.BLUE, null, null, 0, reasons);
  }

  private Reasons sentence(AlarmPolicy policy) {
    String date = LocalDate.ofEpochDay(day).toString();
    return Reasons.of(
        "%s 另有 %d 次告警超出每日 %d 次的预算，已合并，最高为%s色"
            .formatted(date, merged, policy.perDay(), worst.chinese()),
        "%d more alarms on %s, up to %s, were beyond the budget of %d a day and are merged"
            .formatted(merged, date, worst.key(), policy.perDay()));
  }

  byte[] save() {
    isDirty = false;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(day);
      out.writeInt(raised);
      out.writeInt(merged);
      out.writeByte(worst.ordinal());
      out.writeByte(standings.size());
      for (Map.Entry<String, Standing> one : standings.entrySet()) {
        out.writeUTF(one.getKey());
        out.writeByte(one.getValue().ordinal());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static AlarmGate read(byte[] snapshot) {
    AlarmGate gate = new AlarmGate();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
      gate.day = in.readLong();
      gate.raised = in.readInt();
      gate.merged = in.readInt();
      gate.worst = Grade.values()[in.readByte()];
      for (int left = in.readUnsignedByte(); left > 0; left--) {
        gate.standings.put(in.readUTF(), Standing.values()[in.readByte()]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return gate;
  }
}
