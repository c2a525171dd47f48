package org.chengmai.connectors.feed;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a payload is read; dead letters keep it, so that they can be read again.
 *
 * @param series of rows that name none, such as the one in an MQTT topic
 * @param precision unit of line protocol's timestamps
 */
public record Reading(RowFormat format, @Nullable String series, TimeUnit precision) {
  public static Reading of(RowFormat format) {
    return new Reading(format, null, TimeUnit.NANOSECONDS);
  }
}
