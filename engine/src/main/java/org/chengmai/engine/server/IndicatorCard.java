package org.chengmai.engine.server;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows of an indicator's definition.
 *
 * @param grain ISO 8601
 * @param direction whether more is better, as the definition says
 * @param caliber what is counted and how (口径)
 * @param sql what it is computed by
 * @param governance whose data they are, null where the definition does not say it
 * @param alert who is told of its alerts, null where the definition does not say it
 */
public record IndicatorCard(
    String code,
    int version,
    Name name,
    String domain,
    Unit unit,
    String grain,
    @Nullable String direction,
    @Nullable String caliber,
    @Nullable String sql,
    List<Threshold> thresholds,
    @Nullable Governance governance,
    @Nullable Alerting alert) {

  /** Whose data they are, as the definition says it. */
  public record Governance(
      @Nullable String owner,
      @Nullable String steward,
      @Nullable String label,
      @Nullable String share,
      @Nullable String open,
      @Nullable Integer kMin,
      @Nullable String authority) {}

  /** Who is on duty for its alerts, and what they do. */
  public record Alerting(@Nullable String route, @Nullable String runbook) {}

  /** In Chinese, in English and, for tiles, short. */
  public record Name(String zh, String en, @JsonProperty("short") @Nullable String shortName) {}

  /** Code, how it is written beside a number, and how many decimals are shown. */
  public record Unit(String code, String display, int decimals) {}

  /**
   * A grade and the condition that it begins with.
   *
   * @param least of the values that have the grade, null where there is no lower end
   * @param greatest of the values that have the grade, null where there is no upper end; both are
   *     null where the condition looks at anything but the value
   */
  public record Threshold(
      String grade, String when, @Nullable Double least, @Nullable Double greatest) {}
}
