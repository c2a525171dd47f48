package org.chengmai.models.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.SeriesKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IncidentFinderTest {
  private static final Instant FROM = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration STEP = Duration.ofMinutes(5);
  private static final int CELLS = 2 * 288;
  private static final Instant TO = FROM.plus(STEP.multipliedBy(CELLS));
  private static final Instant DAY = TO.minus(Duration.ofDays(1));

  /** The city is made of its districts; the index of a region is computed from its flow. */
  private static final Kinship KINSHIP =
      (part, whole) ->
          part.code().equals(whole.code())
              ? whole.region().equals("630100") && !part.region().equals("630100")
              : part.code().equals("FLOW")
                  && whole.code().equals("INDEX")
                  && (part.region().equals(whole.region()) || whole.region().equals("630100"));

  private final IncidentFinder finder = new IncidentFinder(IncidentConfig.defaults(), KINSHIP);

  /** Series of noise that goes on for a while, and what is put on top. */
  private static final class City {
    final Random random;
    final Map<SeriesKey, Residuals> residuals = new HashMap<>();
    final List<Alarm> alarms = new ArrayList<>();

    City(long seed) {
      random = new Random(seed);
    }

    SeriesKey series(String code, String region) {
      double[] z = new double[CELLS];
      for (int i = 0; i < CELLS; i++) {
        z[i] = (i == 0 ? 0 : 0.5 * z[i - 1]) + 0.85 * random.nextGaussian();
      }
      SeriesKey key = SeriesKey.of(code, region);
      residuals.put(key, new Residuals(FROM, STEP, z));
      return key;
    }

    /** A fault of a course from a cell on; the alarm comes a cell after it began. */
    void fault(SeriesKey key, int at, double[] course) {
      for (int i = 0; i < course.length && at + i < CELLS; i++) {
        Objects.requireNonNull(residuals.get(key)).z()[at + i] += course[i];
      }
      alarm(key, at, course.length);
    }

    /** A series of hours; a cell has the value of its hour. */
    SeriesKey hours(String code, String region) {
      double[] z = new double[CELLS];
      for (int i = 0; i < CELLS; i++) {
        z[i] = i % 12 == 0 ? random.nextGaussian() : z[i - 1];
      }
      SeriesKey key = SeriesKey.of(code, region);
      residuals.put(key, new Residuals(FROM, STEP, z));
      return key;
    }

    /** An hour that is off; the alarm comes twenty minutes after its end. */
    void faultyHour(SeriesKey key, int at, double z) {
      for (int i = 0; i < 12; i++) {
        Objects.requireNonNull(residuals.get(key)).z()[at + i] += z;
      }
      alarm(key, at + 15, 12, Duration.ofHours(1));
    }

    void alarm(SeriesKey key, int at, int length) {
      alarm(key, at, length, STEP);
    }

    void alarm(SeriesKey key, int at, int length, Duration period) {
      Instant start = FROM.plus(STEP.multipliedBy(at + 1));
      alarms.add(
          new Alarm(
              "A%03d".formatted(alarms.size()),
              key,
              Grade.YELLOW,
              start,
              start.plus(STEP.multipliedBy(length)),
              period));
    }

    double[] course(int length) {
      double[] course = new double[length];
      for (int i = 0; i < length; i++) {
        course[i] = 5 + 3 * random.nextDouble();
      }
      return course;
    }

    int cellOfToday() {
      return 288 + random.nextInt(250);
    }
  }

  private List<Incident> find(City city) {
    return finder.find(city.alarms, city.residuals, DAY, TO);
  }

  private static double[] times(double factor, double[] course) {
    return java.util.Arrays.stream(course).map(x -> factor * x).toArray();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aFailureThatSpreadsIsOneIncidentWithItsLeadsAndItsOrigin(long seed) {
    City city = new City(seed);
    SeriesKey flow = city.series("FLOW", "630102");
    SeriesKey ofCity = city.series("FLOW", "630100");
    SeriesKey index = city.series("INDEX", "630102");
    for (int i = 0; i < 20; i++) {
      city.series("OTHER" + i, "630103");
    }
    double[] course = city.course(10);
    city.fault(flow, 400, course);
    city.fault(ofCity, 401, times(0.8, course));
    city.fault(index, 403, times(-0.9, course));

    List<Incident> found = find(city);
    assertThat(found).hasSize(1);
    Incident incident = found.get(0);
    assertThat(incident.start()).isEqualTo(FROM.plus(STEP.multipliedBy(400)));
    assertThat(incident.members()).hasSize(3);
    assertThat(incident.members().get(0).key()).isEqualTo(flow);
    assertThat(incident.members().get(0).explains()).containsExactlyInAnyOrder(ofCity, index);
    Map<SeriesKey, Incident.Member> members = new HashMap<>();
    incident.members().forEach(member -> members.put(member.key(), member));
    Incident.Member second = Objects.requireNonNull(members.get(ofCity));
    Incident.Member third = Objects.requireNonNull(members.get(index));
    assertThat(second.lag()).isEqualTo(STEP);
    assertThat(third.lag()).isEqualTo(STEP.multipliedBy(3));
    assertThat(second.correlation()).isGreaterThan(0.8);
    assertThat(third.correlation()).isLessThan(-0.8);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatHitsManyUnrelatedSeriesAtOnceIsOneIncidentBesideTheDaysOwnFaults(long seed) {
    City city = new City(seed);
    double[] course = city.course(8);
    List<SeriesKey> hit = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      SeriesKey key = city.series("POWER" + i, "63010" + i);
      hit.add(key);
      city.fault(key, 420 + i % 2, times(i % 3 == 0 ? -1 : 1, course));
    }
    for (int cell : new int[] {300, 340, 470, 520}) {
      city.fault(city.series("ALONE" + cell, "630104"), cell, city.course(6));
    }
    List<Incident> found = find(city);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).members())
        .extracting(Incident.Member::key)
        .containsExactlyInAnyOrderElementsOf(hit);
    assertThat(found.get(0).coincidence()).isLessThanOrEqualTo(0.01);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anHourlyIndexBelongsToItsInputsIncidentWhicheverHourShowsTheFault(long seed) {
    for (int hour : new int[] {396, 408}) {
      City city = new City(seed);
      SeriesKey flow = city.series("FLOW", "630102");
      SeriesKey index = city.hours("INDEX", "630102");
      city.fault(flow, 403, city.course(14));
      city.faultyHour(index, hour, -6);

      List<Incident> found = find(city);
      assertThat(found).as("hour from cell %d", hour).hasSize(1);
      Incident incident = found.get(0);
      assertThat(incident.start()).isEqualTo(FROM.plus(STEP.multipliedBy(403)));
      assertThat(incident.members()).extracting(Incident.Member::key).containsExactly(flow, index);
      assertThat(incident.members().get(1).onset())
          .as("its period does not tell when within it")
          .isEqualTo(FROM.plus(STEP.multipliedBy(Math.max(403, hour))));
    }
  }

  @Test
  void anHourlyIndexWithAFaultOfItsOwnHardlyEverJoins() {
    int merged = 0;
    int days = 200;
    for (int seed = 0; seed < days; seed++) {
      City city = new City(9000 + seed);
      SeriesKey flow = city.series("FLOW", "630102");
      SeriesKey index = city.hours("INDEX", "630102");
      int hour = city.cellOfToday() / 12 * 12;
      // too late in the hour to be near its beginning
      city.alarm(flow, hour + 5 + city.random.nextInt(6), 6);
      city.faultyHour(index, hour, 6);
      merged += find(city).size();
    }
    assertThat(merged).as("merged in %d days", days).isLessThan(days / 10);
  }

  @Test
  void independentFaultsAreHardlyEverMerged() {
    int merged = 0;
    int days = 300;
    for (int seed = 0; seed < days; seed++) {
      City city = new City(1000 + seed);
      for (int i = 0; i < 15; i++) {
        SeriesKey key = city.series("CODE" + i, "63010" + i % 5);
        city.fault(key, city.cellOfToday(), city.course(3 + city.random.nextInt(12)));
      }
      merged += find(city).size();
    }
    // a day tests a handful of groups at one in a hundred each
    assertThat(merged).as("merged in %d days of 15 independent faults", days).isLessThan(days / 20);
  }

  @Test
  void falseAlarmsOnUndisturbedSeriesMakeNoIncident() {
    int merged = 0;
    int days = 200;
    for (int seed = 0; seed < days; seed++) {
      City city = new City(5000 + seed);
      for (int i = 0; i < 10; i++) {
        city.alarm(city.series("FLOW", "63010" + i), city.cellOfToday(), 3);
      }
      merged += find(city).size();
    }
    // one of them is the city's own series, kin to the other nine, which lowers the bar
    assertThat(merged).as("merged in %d days of 10 false alarms", days).isLessThan(days / 25);
    assertThat(finder.find(List.of(), Map.of(), DAY, TO)).isEmpty();
  }

  @Test
  void twoDetectorsOnOneSeriesAreNoIncident() {
    City city = new City(7);
    SeriesKey flow = city.series("FLOW", "630102");
    city.fault(flow, 400, city.course(8));
    city.alarm(flow, 401, 8);
    assertThat(find(city)).isEmpty();
  }

  @Test
  void withoutResidualsKinshipAndTimeDecide() {
    City city = new City(8);
    SeriesKey flow = SeriesKey.of("FLOW", "630102");
    city.alarm(flow, 400, 5);
    city.alarm(SeriesKey.of("FLOW", "630100"), 401, 5);
    city.alarm(SeriesKey.of("OTHER", "630105"), 400, 5);
    List<Incident> found = find(city);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).members()).hasSize(2);
    assertThat(found.get(0).members().get(0).key()).isEqualTo(flow);
    assertThat(found.get(0).members().get(0).trace()).isNull();
  }

  @Test
  void theSameAlarmsInAnyOrderGiveTheSameIncidents() {
    City city = new City(9);
    double[] course = city.course(8);
    for (int i = 0; i < 6; i++) {
      city.fault(city.series("POWER" + i, "63010" + i), 420, course);
    }
    List<Incident> found = find(city);
    java.util.Collections.reverse(city.alarms);
    assertThat(find(city)).usingRecursiveComparison().isEqualTo(found);
  }
}
