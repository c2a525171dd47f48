package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chengmai.engine.alerts.Sighting;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.models.DayClass;
import org.junit.jupiter.api.Test;

final class CatalogueDetectorsTest {
  private final CatalogueDetectors detectors =
      new CatalogueDetectors(
          Definitions.catalogue(
              Definitions.simple(
                  "CVS-ENV-0001",
                  "P1D",
                  "neutral",
                  "region: {levels: [city, county, street]}\ndetect: {levels: [city, county]}"),
              Definitions.simple("CVS-ENV-0002", "P1D", "neutral", "")),
          (LocalDate date) -> DayClass.WORKDAY);

  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  private static IndicatorPoint point(int hour, double value) {
    Instant start = START.plusSeconds(hour * 3600L);
    return new IndicatorPoint(
        SeriesKey.of("CVS-ENV-0001", "630102"),
        1,
        start,
        Grain.of("PT1H"),
        value,
        null,
        null,
        1,
        null,
        Map.of(),
        Trust.COMPLETE,
        1,
        start.plusSeconds(3900),
        "hash of " + value);
  }

  @Test
  void anAlertSaysWhoIsOnDutyAndWhatToDoUntilItIsOver() {
    String definition =
        Definitions.simple(
            "CVS-ENV-0001",
            "PT1H",
            "lower_better",
            """
            thresholds:
              - {grade: yellow, when: "value >= 100"}
            threshold_source: 测试
            alert: {route: env-duty, runbook: rb/env-01}
            """);
    SeriesWatch watch =
        new SeriesWatch(
            new CatalogueDetectors(Definitions.catalogue(definition), date -> DayClass.WORKDAY));
    List<Sighting> firing = watch.see(point(0, 120), false);
    assertThat(firing)
        .singleElement()
        .satisfies(
            sighting -> {
              assertThat(sighting.anomaly().status()).isEqualTo(Anomaly.Status.FIRING);
              assertThat(sighting.anomaly().reasons().zh())
                  .hasSizeGreaterThan(2)
                  .endsWith("值守：env-duty", "处置预案：rb/env-01");
              assertThat(sighting.anomaly().reasons().en())
                  .endsWith("on duty: env-duty", "runbook: rb/env-01");
            });
    assertThat(watch.see(point(1, 130), false).get(0).anomaly().reasons().en())
        .as("while it holds, once")
        .containsOnlyOnce("runbook: rb/env-01");
    assertThat(watch.see(point(2, 20), false).get(0).anomaly().reasons().en())
        .doesNotContain("runbook: rb/env-01");
  }

  @Test
  void anAlertSaysWhichDayWasMostLikeTodayAlsoAfterARestart() {
    DetectorSource source =
        new CatalogueDetectors(
            Definitions.catalogue(
                Definitions.simple(
                    "CVS-ENV-0001",
                    "PT1H",
                    "lower_better",
                    """
                    thresholds:
                      - {grade: yellow, when: "value >= 100"}
                    threshold_source: 测试
                    """)),
            date -> DayClass.WORKDAY);
    SeriesWatch before = new SeriesWatch(source);
    for (int hour = 0; hour < 72; hour++) {
      before.see(point(hour, hour < 24 ? 90 : 10), true);
    }
    SeriesWatch watch = new SeriesWatch(source);
    before.cut(10, 72, null).states().forEach(watch::restore);
    watch.at(72, null);
    String nearest =
        "the most similar day of its class: 2026-03-02, with a mean of 90 at these hours";
    assertThat(watch.see(point(96, 120), false).get(0).anomaly().reasons().en()).contains(nearest);
    assertThat(watch.see(point(97, 130), false).get(0).anomaly().reasons().en())
        .as("while it holds")
        .contains(nearest);
  }

  @Test
  void ofADaySoManyAlarmsAreRaisedAsItsDefinitionAllowsAndTheRestIsToldAtMidnight() {
    SeriesWatch watch =
        new SeriesWatch(
            new CatalogueDetectors(
                Definitions.catalogue(
                    Definitions.simple(
                        "CVS-ENV-0001",
                        "PT1H",
                        "lower_better",
                        """
                        thresholds:
                          - {grade: yellow, when: "value >= 100"}
                          - {grade: red, when: "value >= 200"}
                        threshold_source: 测试
                        detect: {model: threshold, budget_per_day: 2}
                        """)),
                date -> DayClass.WORKDAY));
    List<String> raised = new ArrayList<>();
    for (int hour = 0; hour < 34; hour++) {
      // high and low by turns, once very high; the day in China begins with hour 16
      double value = hour % 2 == 1 ? 20 : hour == 26 ? 250 : 120;
      for (Sighting sighting : watch.see(point(hour, value), hour < 16)) {
        if (sighting.anomaly().status() == Anomaly.Status.FIRING) {
          raised.add(hour + " " + sighting.anomaly().detector());
        }
      }
    }
    assertThat(raised).containsExactly("16 threshold", "18 threshold", "26 threshold");
    assertThat(watch.see(point(40, 20), false))
        .as("at the end of the day")
        .extracting(one -> one.anomaly().status() + " " + one.anomaly().reasons().en().get(0))
        .contains(
            "FIRING 6 more alarms on 2026-03-03, up to yellow, were beyond the budget of 2 a day and are merged");
  }

  @Test
  void onlySeriesOfTheStatedLevelsAreWatched() {
    assertThat(detectors.isWatched(SeriesKey.of("CVS-ENV-0001", "630100"))).isTrue();
    assertThat(detectors.isWatched(SeriesKey.of("CVS-ENV-0001", "630102"))).isTrue();
    assertThat(detectors.isWatched(SeriesKey.of("CVS-ENV-0001", "630102001"))).isFalse();
    assertThat(detectors.isWatched(SeriesKey.of("CVS-ENV-0002", "630102"))).isTrue();
  }

  @Test
  void theDetectorOfUnknownShapesWatchesOnceItsModelIsTrained() {
    IndicatorCatalogue catalogue =
        Definitions.catalogue(
            Definitions.simple("CVS-ENV-0001", "PT1H", "neutral", "detect: {model: pattern}"),
            Definitions.simple("CVS-ENV-0002", "P1D", "neutral", "detect: {model: pattern}"));
    assertThat(PatternTrainer.codes(catalogue))
        .as("days have no shape")
        .containsExactly("CVS-ENV-0001");
    List<IndicatorPoint> history = new ArrayList<>();
    for (int hour = 0; hour < 24 * 40; hour++) {
      history.add(point(hour, 10 + hour % 24 + hour % 5));
    }
    PatternTrainer trainer = new PatternTrainer(catalogue);
    ModelTrainer.Trained trained = trainer.train("CVS-ENV-0001", 2, history);
    StoredModel stored =
        new StoredModel(
            trainer.name(), "CVS-ENV-0001", 2, trained.provenance(), trained.bytes(), START, 0L);
    CatalogueDetectors of = new CatalogueDetectors(catalogue, date -> DayClass.WORKDAY);
    assertThat(of.detectors("CVS-ENV-0001", 1, List.of())).isEmpty();
    assertThat(of.detectors("CVS-ENV-0001", 1, List.of(stored)))
        .extracting(detector -> detector.id() + " " + detector.model())
        .containsExactly("pattern tribuo-kmeans@2");
  }
}
