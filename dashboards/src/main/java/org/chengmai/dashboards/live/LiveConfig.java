package org.chengmai.dashboards.live;

import java.time.Duration;
import java.util.Set;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Limits of the live hub.
 *
 * @param connections how many clients may be connected at once, websockets and event streams
 *     together
 * @param slowAfter a client whose write queue stayed full for this long is closed; it resumes where
 *     it stopped
 * @param helloWithin a websocket that has not said hello within this time is closed
 * @param batch how many events one read of the alert log asks for
 * @param origins pages of other hosts that may open a websocket, such as {@code
 *     https://wall.example.org}
 */
public record LiveConfig(
    int connections, Duration slowAfter, Duration helloWithin, int batch, Set<String> origins) {
  public LiveConfig {
    origins = Set.copyOf(origins);
    if (connections < 1 || batch < 1 || slowAfter.toMillis() < 1 || helloWithin.toMillis() < 1) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "live: connections %d, batch %d, slowAfter %s and helloWithin %s must be positive"
              .formatted(connections, batch, slowAfter, helloWithin));
    }
  }

  public static LiveConfig defaults() {
    return new LiveConfig(2_000, Duration.ofSeconds(60), Duration.ofSeconds(10), 64, Set.of());
  }
}
