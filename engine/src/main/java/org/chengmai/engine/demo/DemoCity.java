package org.chengmai.engine.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Series;

/**
 * The simulated city: every reading is a pure function of seed, series and time, so history and
 * live data agree and a run can be repeated. Only the list of planted anomalies changes; safe for
 * several threads.
 */
final class DemoCity {
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  /**
   * In the past disturbances are rare, so that it teaches what is usual; while people watch there
   * is one in every five minutes.
   */
  private static final Duration PAST_EVERY = Duration.ofHours(6);

  private static final Duration LIVE_EVERY = Duration.ofMinutes(5);

  private final long seed;
  private final boolean isDisturbed;
  private final List<String> districts;
  private final Predicate<LocalDate> workday;
  private final List<Station> stations = new ArrayList<>();
  private final List<Injection> injections = new CopyOnWriteArrayList<>();
  private volatile Instant liveFrom = Instant.MAX;

  /** One series with its measure and place. */
  record Station(Series series, Measure measure, int number) {}

  /**
   * @param districts GB/T 2260 codes, largest district first
   * @param workday whether a local date is a working day
   */
  DemoCity(long seed, List<String> districts, Predicate<LocalDate> workday) {
    this(seed, districts, workday, true);
  }

  /** The same city without the seed's plan of disturbances. */
  static DemoCity undisturbed(long seed, List<String> districts, Predicate<LocalDate> workday) {
    return new DemoCity(seed, districts, workday, false);
  }

  private DemoCity(
      long seed, List<String> districts, Predicate<LocalDate> workday, boolean isDisturbed) {
    this.isDisturbed = isDisturbed;
    this.seed = seed;
    this.districts = List.copyOf(districts);
    this.workday = workday;
    for (Measure measure : DemoMeasures.ALL) {
      boolean isOnePlant = DemoMeasures.ONE_PLANT.contains(measure.name());
      for (String district : isOnePlant ? districts.subList(0, 1) : districts) {
        for (int number = 1; number <= measure.stations(); number++) {
          String id = measure.name() + "." + district + (measure.event() ? "" : "." + number);
          stations.add(
              new Station(
                  new Series(
                      id, measure.name(), district, measure.unit(), measure.min(), measure.max()),
                  measure,
                  number));
        }
      }
    }
  }

  List<Station> stations() {
    return stations;
  }

  /** From when on people watch. */
  void liveFrom(Instant time) {
    liveFrom = time;
  }

  void plant(Injection injection) {
    injections.add(injection);
    injections.removeIf(old -> old.to().isBefore(injection.from().minus(Duration.ofDays(1))));
  }

  /** The readings of all stations with {@code from <= time < to}, in order of time. */
  List<Observation> readings(Instant from, Instant to, Predicate<Measure> which) {
    List<Observation> readings = new ArrayList<>();
    for (Station station : stations) {
      if (which.test(station.measure())) {
        long step = station.measure().cadence().toMillis();
        for (long at = Math.floorDiv(from.toEpochMilli() + step - 1, step) * step;
            at < to.toEpochMilli();
            at += step) {
          read(station, Instant.ofEpochMilli(at), readings);
        }
      }
    }
    readings.sort(Comparator.comparing(Observation::time));
    return readings;
  }

  private void read(Station station, Instant time, List<Observation> readings) {
    Measure measure = station.measure();
    Series series = station.series();
    Injection injection = injection(measure.name(), series.region(), time).orElse(null);
    if (injection != null && injection.kind() == Injection.Kind.OUTAGE) {
      return;
    }
    ZonedDateTime local = time.atZone(ZONE);
    double shape = measure.shape().at(Shape.hour(local), workday.test(local.toLocalDate()));
    int place = districts.indexOf(series.region());
    int stream = series.id().hashCode();
    if (measure.event()) {
      SplittableRandom random = new SplittableRandom(mix(stream, time.toEpochMilli()));
      double rate =
          injection == null ? measure.base() * shape * (1.3 - 0.14 * place) : measure.surge();
      int count = poisson(rate, random);
      for (int i = 1; i <= count; i++) {
        readings.add(new Observation(series.id(), time, 1, time, time.getEpochSecond() + "-" + i));
      }
      return;
    }
    double noise = 0.7 * smooth(stream, time, 5_400_000) + 0.5 * smooth(stream + 1, time, 600_000);
    double value;
    if (injection == null) {
      value = measure.base() * shape * (1.06 - 0.02 * place) * (1 + measure.noise() * noise);
    } else {
      value =
          (injection.kind() == Injection.Kind.SURGE ? measure.surge() : measure.collapse())
              * (1 + 0.02 * noise);
    }
    value = Math.max(measure.min(), Math.min(measure.max(), value));
    readings.add(new Observation(series.id(), time, Math.round(value * 1000) / 1000.0, time, null));
  }

  /** What is planted at this place and time, by hand or by the seed's own plan. */
  Optional<Injection> injection(String measure, String region, Instant time) {
    for (Injection injection : injections) {
      if (injection.covers(measure, region, time)) {
        return Optional.of(injection);
      }
    }
    if (!isDisturbed) {
      return Optional.empty();
    }
    Injection planned = planned(time);
    return planned.covers(measure, region, time) ? Optional.of(planned) : Optional.empty();
  }

  /** The seed's own plan: one disturbance in each stretch of time, somewhere. */
  Injection planned(Instant time) {
    Duration every = time.isBefore(liveFrom) ? PAST_EVERY : LIVE_EVERY;
    long slot = Math.floorDiv(time.toEpochMilli(), every.toMillis());
    SplittableRandom random = new SplittableRandom(mix(0x5EED, slot));
    DemoMeasures.Disturbance disturbance =
        DemoMeasures.DISTURBED.get(random.nextInt(DemoMeasures.DISTURBED.size()));
    String region = districts.get(random.nextInt(districts.size()));
    Instant from = Instant.ofEpochMilli(slot * every.toMillis());
    Injection.Kind kind = random.nextInt(8) == 0 ? Injection.Kind.OUTAGE : disturbance.kind();
    return new Injection(disturbance.measure().name(), region, from, from.plus(LIVE_EVERY), kind);
  }

  /** Value noise: seeded knots, joined by a cosine; about standard normal. */
  private double smooth(int stream, Instant time, long knotMillis) {
    long knot = Math.floorDiv(time.toEpochMilli(), knotMillis);
    double part = (double) Math.floorMod(time.toEpochMilli(), knotMillis) / knotMillis;
    double weight = (1 - Math.cos(Math.PI * part)) / 2;
    return gaussian(stream, knot) * (1 - weight) + gaussian(stream, knot + 1) * weight;
  }

  private double gaussian(int stream, long knot) {
    SplittableRandom random = new SplittableRandom(mix(stream, knot));
    // Sum of uniforms: cheap, bounded to ±3.4, close enough to normal.
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += random.nextDouble();
    }
    return (sum - 2) * 1.7;
  }

  private static int poisson(double rate, SplittableRandom random) {
    double limit = Math.exp(-rate);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit && count < 10_000) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }

  private long mix(long a, long b) {
    long z = seed * 0x9E3779B97F4A7C15L + a * 0xBF58476D1CE4E5B9L + b * 0x94D049BB133111EBL;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
