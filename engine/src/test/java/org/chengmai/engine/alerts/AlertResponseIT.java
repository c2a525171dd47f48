package org.chengmai.engine.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.chengmai.engine.RealServers;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.Anomaly.Status;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the view {@code operations.alert_response} tells of the alert log. */
@ExtendWith(RealServers.class)
final class AlertResponseIT {
  private static final Principal OPERATOR = new Principal("li", Role.OPERATOR);

  @Test
  void anAlertIsThereFromFiringOnAndHasMinutesOnceAcknowledged() throws SQLException {
    Instant fired = Anomalies.START.plusSeconds(180);
    AtomicReference<Instant> now = new AtomicReference<>(fired);
    InstantSource clock = now::get;
    try (TestDatabase database = new TestDatabase()) {
      AlertBook book = AlertBook.open(database.dataSource(), clock, new Random(1));
      book.append(
          List.of(
              Anomalies.sighting("630102", Status.FIRING, Grade.YELLOW, 2),
              Anomalies.sighting("630100", Status.FIRING, Grade.RED, 2),
              Anomalies.sighting("630103", Status.PENDING, Grade.RED, 2)),
          OffsetCommit.none());
      now.set(fired.plusSeconds(450));
      Alert yellow =
          book.open().stream().filter(a -> a.grade() == Grade.YELLOW).findAny().orElseThrow();
      book.acknowledge(OPERATOR, yellow.id(), yellow.revision(), null);
      assertThat(rows(database))
          .containsExactly(
              "CVS-ENV-0001 630100 630100 red 2026-03-01 00:03:00 null null",
              "CVS-ENV-0001 630102 630100 yellow 2026-03-01 00:03:00 2026-03-01 00:10:30 7.5");
    }
  }

  private static List<String> rows(TestDatabase database) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT concat_ws(' ', code, region, city, grade, raised_at,"
                    + " coalesce(acknowledged_at::text, 'null'), coalesce(minutes::text, 'null'))"
                    + " FROM operations.alert_response ORDER BY region")) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }
}
