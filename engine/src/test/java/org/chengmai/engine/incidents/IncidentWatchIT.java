package org.chengmai.engine.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.OffsetCommit;
import org.chengmai.engine.alerts.Sighting;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.engine.pipeline.DetectorRunner.ExpectedBand;
import org.chengmai.engine.pipeline.MemoryStore;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.region.Regions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealServers.class)
final class IncidentWatchIT {
  private static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW.plusSeconds(137));
  private static final Grain GRAIN = Grain.of("PT5M");
  private static final String FLOW = "CVS-TRF-0004";

  private final MemoryStore store = new MemoryStore();
  private final Random random = new Random(1);

  /** Two days of noise about 100, doubled for half an hour from a time on. */
  private void series(String region, Instant fault) {
    List<IndicatorPoint> points = new ArrayList<>();
    for (Instant at = NOW.minus(Duration.ofDays(2)); at.isBefore(NOW); at = at.plusSeconds(300)) {
      boolean isOff = !at.isBefore(fault) && at.isBefore(fault.plusSeconds(1800));
      points.add(
          new IndicatorPoint(
              SeriesKey.of(FLOW, region),
              1,
              at,
              GRAIN,
              100 + 4 * random.nextGaussian() + (isOff ? 60 + 10 * random.nextGaussian() : 0),
              null,
              null,
              1,
              Trust.COMPLETE,
              1,
              at.plusSeconds(330),
              "h"));
    }
    store.append(points);
  }

  private static Sighting firing(String region, Instant period) {
    return new Sighting(
        new Anomaly(
            SeriesKey.of(FLOW, region),
            "seasonal",
            "seasonal@1",
            Anomaly.Status.FIRING,
            period,
            1,
            Grade.ORANGE,
            160.0,
            null,
            9,
            Anomaly.Reasons.of("偏高", "high")),
        period.plusSeconds(330));
  }

  private IncidentWatch watch(IncidentBook book, AlertBook alerts) {
    return new IncidentWatch(
        book,
        alerts,
        IndicatorCatalogue.load(ShippedDefinitions.files(), Regions.xining(), null),
        new ResidualReader(
            store,
            (key, from, to) ->
                store.history(key, from, to).stream()
                    .map(point -> new ExpectedBand(point.periodStart(), 90, 100, 110, "seasonal"))
                    .toList()),
        CLOCK);
  }

  @Test
  void aDisturbanceOfManySeriesIsOneIncident() {
    Instant fault = NOW.minus(Duration.ofHours(1));
    List<String> regions =
        IntStream.range(0, 200).mapToObj(i -> "6302%02d%03d".formatted(i / 10, i)).toList();
    regions.forEach(region -> series(region, fault));
    try (TestDatabase database = new TestDatabase()) {
      AlertBook alerts = AlertBook.open(database.dataSource(), CLOCK, new Random(1));
      alerts.append(
          regions.stream().map(region -> firing(region, fault)).toList(), OffsetCommit.none());
      IncidentBook book = new IncidentBook(database.dataSource());
      assertThat(watch(book, alerts).look()).isTrue();
      assertThat(book.between(NOW.minus(Duration.ofDays(1)), NOW))
          .singleElement()
          .satisfies(incident -> assertThat(incident.members()).hasSize(200));
    }
  }

  @Test
  void aDistrictAndTheCityThatHoldsItAreOneIncidentThatIsKept() {
    Instant fault = NOW.minus(Duration.ofHours(1));
    series("630102", fault);
    series("630100", fault.plusSeconds(300));
    series("630105", NOW.minus(Duration.ofHours(9)));
    try (TestDatabase database = new TestDatabase()) {
      AlertBook alerts = AlertBook.open(database.dataSource(), CLOCK, new Random(1));
      alerts.append(
          List.of(
              firing("630105", NOW.minus(Duration.ofHours(9))),
              firing("630102", fault),
              firing("630100", fault.plusSeconds(300))),
          OffsetCommit.none());
      IncidentBook book = new IncidentBook(database.dataSource());
      IncidentWatch watch = watch(book, alerts);
      assertThat(watch.look()).isTrue();
      assertThat(watch.look()).as("no news").isFalse();

      List<IncidentCard> found = book.between(NOW.minus(Duration.ofDays(1)), NOW);
      assertThat(found).hasSize(1);
      IncidentCard incident = book.get(found.get(0).id());
      assertThat(incident.grade()).isEqualTo(Grade.ORANGE);
      assertThat(incident.start()).isEqualTo(fault);
      assertThat(incident.members())
          .extracting(member -> member.key().region())
          .containsExactly("630102", "630100");
      assertThat(incident.members().get(0).explains())
          .containsExactly(SeriesKey.of(FLOW, "630100"));
      assertThat(Objects.requireNonNull(incident.members().get(0).trace()).z()).isNotEmpty();
      assertThat(found.get(0).members().get(0).trace()).isNull();
    }
  }

  @Test
  void kinshipFollowsInputsAndRegions() {
    CatalogueKinship kinship =
        new CatalogueKinship(
            IndicatorCatalogue.load(ShippedDefinitions.files(), Regions.xining(), null));
    SeriesKey district = SeriesKey.of(FLOW, "630102");
    SeriesKey city = SeriesKey.of(FLOW, "630100");
    assertThat(kinship.isPartOf(district, city)).isTrue();
    assertThat(kinship.isPartOf(city, district)).isFalse();
    assertThat(kinship.isPartOf(district, SeriesKey.of(FLOW, "630103"))).isFalse();
    assertThat(kinship.isPartOf(district, district)).isFalse();
  }
}
