package org.chengmai.dashboards.grafana;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * How to reach a Grafana and what to put there. Without a token nothing is sent.
 *
 * @param url Grafana's address, with its sub-path if it has one
 * @param token of a service account: Admin for Live by websocket, Editor for Live by POST
 * @param folder title of the folder that holds the boards
 * @param name the folder's and the data source's uid and the first word of Live streams, {@code a-z
 *     0-9 -}
 * @param flightAddress host and port of the Flight SQL endpoint as Grafana sees it
 * @param flightToken the Chengmai user's token with which Grafana asks for data; the user needs the
 *     role analyst
 * @param flightTls whether the Flight SQL endpoint speaks TLS
 * @param timeout how long one call may take
 * @param batchesPerSecond how often live values are pushed, 1 to 5
 * @param queueLimit live values kept for each stream while Grafana is away; the oldest go first
 * @param alertLimit alerts kept for annotations while Grafana is away
 * @param resendEvery how often the whole live state is sent again for those who open a board late
 * @param firstRetry pause after a first failure; it doubles up to {@code lastRetry}
 * @param recheckEvery how often the boards are looked at again
 */
public record GrafanaConfig(
    String url,
    String token,
    String folder,
    String name,
    String flightAddress,
    String flightToken,
    boolean flightTls,
    Duration timeout,
    int batchesPerSecond,
    int queueLimit,
    int alertLimit,
    Duration resendEvery,
    Duration firstRetry,
    Duration lastRetry,
    Duration recheckEvery) {

  public GrafanaConfig {
    List<String> problems = new ArrayList<>();
    url = url.replaceAll("/+$", "");
    if (!isHttp(url)) {
      problems.add("url '%s' is not of the form http://host:port".formatted(url));
    }
    if (folder.isBlank()) {
      problems.add("folder is empty");
    }
    if (!name.matches("[a-z0-9-]{1,30}")) {
      problems.add("name '%s' is not 1 to 30 of a-z 0-9 -".formatted(name));
    }
    if (!flightAddress.matches("[^\\s/:]+:\\d{1,5}|\\[[0-9a-fA-F:]+]:\\d{1,5}")) {
      problems.add("flight_address '%s' is not of the form host:port".formatted(flightAddress));
    }
    if (batchesPerSecond < 1 || batchesPerSecond > 5) {
      problems.add("batches_per_second %d is not between 1 and 5".formatted(batchesPerSecond));
    }
    if (queueLimit < 1 || alertLimit < 1) {
      problems.add(
          "queue_limit %d and alert_limit %d must be at least 1".formatted(queueLimit, alertLimit));
    }
    for (Duration length : List.of(timeout, resendEvery, firstRetry, lastRetry, recheckEvery)) {
      if (length.toMillis() < 1) {
        problems.add("%s is not a positive length of time".formatted(length));
      }
    }
    if (lastRetry.compareTo(firstRetry) < 0) {
      problems.add("last_retry %s is shorter than first_retry %s".formatted(lastRetry, firstRetry));
    }
    if (!problems.isEmpty()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION, "grafana: " + String.join("; ", problems));
    }
  }

  public static GrafanaConfig defaults() {
    return new GrafanaConfig(
        "http://127.0.0.1:3000",
        "",
        "城脉 Chengmai",
        "chengmai",
        "127.0.0.1:8815",
        "",
        false,
        Duration.ofSeconds(10),
        4,
        10_000,
        10_000,
        Duration.ofSeconds(30),
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        Duration.ofMinutes(10));
  }

  /** Whether there is a token to log in with. */
  public boolean isEnabled() {
    return !token.isBlank();
  }

  /** Takes our secrets out of a text before people see it. */
  String redact(String text) {
    String redacted = token.isEmpty() ? text : text.replace(token, "***");
    return flightToken.isEmpty() ? redacted : redacted.replace(flightToken, "***");
  }

  /** The pause before try number {@code failures + 1}. */
  Duration pause(int failures) {
    Duration pause = firstRetry.multipliedBy(1L << Math.min(20, Math.max(0, failures - 1)));
    return pause.compareTo(lastRetry) > 0 ? lastRetry : pause;
  }

  private static boolean isHttp(String url) {
    try {
      URI uri = URI.create(url);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Without the tokens. */
  @Override
  public String toString() {
    return "GrafanaConfig[url=%s, folder=%s, name=%s, flightAddress=%s, enabled=%s]"
        .formatted(url, folder, name, flightAddress, isEnabled());
  }
}
