package org.chengmai.models;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.chengmai.indicators.Anomaly.Reasons;

/**
 * The last four weeks of one series, a mean for each three hours: finds the day that today
 * resembles most. Changed in place; for one thread.
 */
public final class DayProfiles {
  private static final int DAYS = 28;
  private static final int PARTS = 8;
  private static final int HOURS = 24 / PARTS;
  private static final int LAYOUT = 1;

  private final Function<LocalDate, DayClass> dayClass;

  /** Of each day its date and the means of its parts, NaN where nothing was seen; a ring. */
  private final int[] dates = new int[DAYS];

  private final float[] means = new float[DAYS * PARTS];

  /** Values of today's parts, and which day of the ring is today. */
  private final short[] counts = new short[PARTS];

  private int today;
  private long lastPeriod = Long.MIN_VALUE;
  private double lastValue;

  /**
   * @param dayClass what class of day a date in China is
   */
  public DayProfiles(Function<LocalDate, DayClass> dayClass) {
    this.dayClass = dayClass;
    Arrays.fill(dates, Integer.MIN_VALUE);
    Arrays.fill(means, Float.NaN);
  }

  /**
   * Takes a value in; of the newest period a later one replaces the earlier, what is older is not.
   */
  public void see(Instant periodStart, double value) {
    long second = periodStart.getEpochSecond();
    if (second < lastPeriod) {
      return;
    }
    LocalDateTime local = LocalDateTime.ofInstant(periodStart, Slots.CHINA);
    int date = (int) local.toLocalDate().toEpochDay();
    if (date != dates[today]) {
      today = dates[today] == Integer.MIN_VALUE ? today : (today + 1) % DAYS;
      dates[today] = date;
      Arrays.fill(means, today * PARTS, (today + 1) * PARTS, Float.NaN);
      Arrays.fill(counts, (short) 0);
    }
    int part = local.getHour() / HOURS;
    int at = today * PARTS + part;
    double bounded = SlotProfile.bounded(value);
    if (second == lastPeriod) {
      means[at] += (float) ((bounded - lastValue) / counts[part]);
    } else {
      counts[part]++;
      means[at] =
          counts[part] == 1
              ? (float) bounded
              : means[at] + (float) ((bounded - means[at]) / counts[part]);
    }
    lastPeriod = second;
    lastValue = bounded;
  }

  /**
   * The earlier day of today's class whose parts, as far as today has come, are nearest to today's,
   * in a sentence; none before there is one.
   */
  public Reasons nearest() {
    int nearest = -1;
    double least = Double.MAX_VALUE;
    for (int day = 0; day < DAYS; day++) {
      if (day != today && isComparable(dates[day])) {
        double distance = distance(day);
        if (distance < least) {
          least = distance;
          nearest = day;
        }
      }
    }
    if (nearest < 0) {
      return new Reasons(List.of(), List.of());
    }
    int part =
        LocalDateTime.ofInstant(Instant.ofEpochSecond(lastPeriod), Slots.CHINA).getHour() / HOURS;
    float then = means[nearest * PARTS + part];
    LocalDate date = LocalDate.ofEpochDay(dates[nearest]);
    return Float.isNaN(then)
        ? Words.reasons("最相似的同类日：%s", "the most similar day of its class: %s", date)
        : Words.reasons(
            "最相似的同类日：%s，当日该时段均值 %s",
            "the most similar day of its class: %s, with a mean of %s at these hours",
            date,
            (double) then);
  }

  private boolean isComparable(int date) {
    return date != Integer.MIN_VALUE
        && dayClass.apply(LocalDate.ofEpochDay(date))
            == dayClass.apply(LocalDate.ofEpochDay(dates[today]));
  }

  /** Mean distance over the parts that both have. */
  private double distance(int day) {
    double sum = 0;
    int parts = 0;
    for (int part = 0; part < PARTS; part++) {
      double difference =
          Math.abs((double) means[today * PARTS + part] - means[day * PARTS + part]);
      if (!Double.isNaN(difference)) {
        sum += difference;
        parts++;
      }
    }
    return parts == 0 ? Double.MAX_VALUE : sum / parts;
  }

  public byte[] write() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1100);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(LAYOUT);
      for (int date : dates) {
        out.writeInt(date);
      }
      for (float mean : means) {
        out.writeFloat(mean);
      }
      for (short count : counts) {
        out.writeShort(count);
      }
      out.writeByte(today);
      out.writeLong(lastPeriod);
      out.writeDouble(lastValue);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Takes over what {@link #write()} wrote; what it cannot read it leaves, and begins anew. */
  public void read(byte[] snapshot) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
      if (in.readUnsignedByte() != LAYOUT) {
        return;
      }
      for (int i = 0; i < dates.length; i++) {
        dates[i] = in.readInt();
      }
      for (int i = 0; i < means.length; i++) {
        means[i] = in.readFloat();
      }
      for (int i = 0; i < counts.length; i++) {
        counts[i] = in.readShort();
      }
      today = in.readUnsignedByte();
      lastPeriod = in.readLong();
      lastValue = in.readDouble();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
