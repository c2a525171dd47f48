package org.chengmai.engine.alerts;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Checks that PostgreSQL keeps what it acknowledges: an alert that was acknowledged must survive a
 * power cut.
 */
public final class Durability {
  private static final List<String> SETTINGS =
      List.of("fsync", "synchronous_commit", "full_page_writes");

  private Durability() {}

  /**
   * Refuses with INVALID_DEFINITION when a setting that durability rests on is off; names all of
   * them with the cure.
   */
  public static void check(DataSource database) {
    List<String> off = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String setting : SETTINGS) {
        try (ResultSet row = statement.executeQuery("SHOW " + setting)) {
          if (row.next() && row.getString(1).equals("off")) {
            off.add(setting);
          }
        }
      }
    } catch (SQLException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "PostgreSQL's settings cannot be read: " + e.getMessage(), e);
    }
    if (!off.isEmpty()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          ("PostgreSQL runs with %s = off and could lose acknowledged alerts: set %s = on in postgresql.conf (or by ALTER SYSTEM,"
                  + " ALTER ROLE, ALTER DATABASE, where it was switched off) and reload")
              .formatted(String.join(", ", off), String.join(" = on, ", off)));
    }
  }
}
