package org.chengmai.engine.duty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.Anomalies;
import org.chengmai.engine.alerts.Assessor;
import org.chengmai.engine.alerts.OffsetCommit;
import org.chengmai.engine.alerts.Sighting;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertEvent.Type;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Anomaly.Status;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several series and detectors that are one alert by {@code alert.dedup}, in a real PostgreSQL. */
@ExtendWith(RealServers.class)
final class SameAlertIT {
  private Desk desk;
  private AlertBook alerts;

  @BeforeEach
  void open() {
    desk = new Desk();
    alerts = open("dimensions: [road]\nalert: {dedup: [code, region]}");
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  private AlertBook open(String more) {
    IndicatorCatalogue catalogue = Desk.catalogue(more);
    return desk.alerts(new CatalogueRules(catalogue, desk.quiet(catalogue)), Assessor.NONE);
  }

  private static Sighting sighting(
      String road, String detector, Status status, Grade grade, int minute) {
    Sighting one = Anomalies.sighting("630102", status, grade, minute);
    Anomaly of = one.anomaly();
    return new Sighting(
        new Anomaly(
            new SeriesKey("CVS-ENV-0001", "630102", new TreeMap<>(Map.of("road", road))),
            detector,
            detector + "@1",
            status,
            of.periodStart(),
            1,
            grade,
            of.value(),
            of.band(),
            4,
            of.reasons()),
        one.at());
  }

  private List<Type> see(Sighting... sightings) {
    return alerts.append(List.of(sightings), OffsetCommit.none()).stream()
        .map(AlertEvent::type)
        .toList();
  }

  @Test
  void whatIsTheSameIsOneAlertAsGraveAsTheGravestAndOverWithTheLast() {
    assertThat(see(sighting("A", "threshold", Status.FIRING, Grade.YELLOW, 1)))
        .containsExactly(Type.FIRED);
    assertThat(
            see(
                sighting("A", "seasonal", Status.FIRING, Grade.BLUE, 1),
                sighting("B", "threshold", Status.PENDING, Grade.RED, 1)))
        .as("milder, and not yet firing")
        .isEmpty();
    assertThat(see(sighting("B", "threshold", Status.FIRING, Grade.RED, 2)))
        .containsExactly(Type.GRADE_CHANGED);
    Alert red = alerts.open().get(0);
    assertThat(alerts.open()).hasSize(1);
    assertThat(red.grade()).isEqualTo(Grade.RED);
    assertThat(red.latest().key().dimensions()).containsEntry("road", "B");
    assertThat(red.latest().reasons().en())
        .contains(
            "2 more alarms are merged into this: CVS-ENV-0001/630102/road=A|seasonal,"
                + " CVS-ENV-0001/630102/road=A|threshold");

    assertThat(see(sighting("B", "threshold", Status.CLEARED, Grade.RED, 3)))
        .containsExactly(Type.GRADE_CHANGED);
    assertThat(alerts.open().get(0).grade()).isEqualTo(Grade.YELLOW);
    assertThat(alerts.open().get(0).latest().reasons().en())
        .contains("1 more alarms are merged into this: seasonal");
    assertThat(see(sighting("A", "threshold", Status.CLEARED, Grade.YELLOW, 4)))
        .containsExactly(Type.GRADE_CHANGED);
    assertThat(see(sighting("A", "seasonal", Status.CLEARED, Grade.BLUE, 5)))
        .containsExactly(Type.RESOLVED);
    assertThat(alerts.newest(10)).hasSize(1);
    assertThat(alerts.open()).isEmpty();
  }

  @Test
  void anotherRegionIsAnotherAlert() {
    see(sighting("A", "threshold", Status.FIRING, Grade.YELLOW, 1));
    see(Anomalies.sighting("630103", Status.FIRING, Grade.YELLOW, 1));
    assertThat(alerts.open()).hasSize(2);
  }

  @Test
  void aReplayChangesNothing() {
    Sighting[] seen = {
      sighting("A", "threshold", Status.FIRING, Grade.YELLOW, 1),
      sighting("B", "threshold", Status.FIRING, Grade.ORANGE, 1),
      sighting("B", "threshold", Status.CLEARED, Grade.ORANGE, 2)
    };
    assertThat(see(seen)).hasSize(3);
    Alert alert = alerts.open().get(0);
    assertThat(see(seen)).isEmpty();
    assertThat(alerts.open().get(0).revision()).isEqualTo(alert.revision());
    assertThat(alerts.open().get(0).state()).isEqualTo(AlertState.FIRING);
    assertThat(see(sighting("A", "threshold", Status.CLEARED, Grade.YELLOW, 3)))
        .containsExactly(Type.RESOLVED);
  }

  @Test
  void anAcknowledgementHoldsUntilSomethingGraverJoins() {
    see(sighting("A", "threshold", Status.FIRING, Grade.YELLOW, 1));
    Alert alert = alerts.open().get(0);
    alerts.acknowledge(Desk.OPERATOR, alert.id(), alert.revision(), null);
    assertThat(see(sighting("B", "threshold", Status.FIRING, Grade.YELLOW, 2))).isEmpty();
    assertThat(alerts.get(alert.id()).state()).isEqualTo(AlertState.ACKNOWLEDGED);
    see(sighting("C", "threshold", Status.FIRING, Grade.RED, 3));
    assertThat(alerts.get(alert.id()).state()).isEqualTo(AlertState.FIRING);
  }

  @Test
  void whatIsOpenWhenTheDefinitionChangesEndsAsItBegan() {
    see(sighting("A", "threshold", Status.FIRING, Grade.YELLOW, 1));
    see(sighting("B", "threshold", Status.FIRING, Grade.ORANGE, 1));
    alerts = open("dimensions: [road]");
    assertThat(see(sighting("C", "threshold", Status.FIRING, Grade.RED, 2)))
        .containsExactly(Type.FIRED);
    assertThat(see(sighting("B", "threshold", Status.CLEARED, Grade.ORANGE, 2)))
        .containsExactly(Type.GRADE_CHANGED);
    assertThat(see(sighting("A", "threshold", Status.CLEARED, Grade.YELLOW, 3)))
        .containsExactly(Type.RESOLVED);
    alerts = open("dimensions: [road]\nalert: {dedup: [code]}");
    assertThat(see(sighting("C", "threshold", Status.FIRING, Grade.RED, 4)))
        .as("it goes on alone")
        .isEmpty();
    assertThat(see(sighting("A", "threshold", Status.FIRING, Grade.YELLOW, 4)))
        .containsExactly(Type.FIRED);
    assertThat(see(sighting("C", "threshold", Status.CLEARED, Grade.RED, 5)))
        .containsExactly(Type.RESOLVED);
    assertThat(alerts.open()).hasSize(1);
  }
}
