package org.chengmai.dashboards.live;

import io.vertx.core.buffer.Buffer;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * One message in its wire forms, each made once and shared by all clients. Used by one thread at a
 * time.
 */
final class Frame {
  private final String json;
  private final @Nullable String id;
  private final long seq;
  private @Nullable Buffer eventStreamForm;

  private Frame(String json, @Nullable String id, long seq) {
    this.json = json;
    this.id = id;
    this.seq = seq;
  }

  /** A message without a place in the alert log. */
  static Frame of(Object message) {
    return new Frame(Json.write(message), null, 0);
  }

  /** A message after which a client stands at {@code seq} of the log. */
  static Frame at(String epoch, long seq, Object message) {
    return new Frame(Json.write(message), epoch + ":" + seq, seq);
  }

  static Frame of(AlertEvent event) {
    String epoch = event.epoch().toString();
    return at(epoch, event.seq(), new AlertMessage("alert", epoch, event.seq(), event));
  }

  String json() {
    return json;
  }

  long seq() {
    return seq;
  }

  /** {@code id:} and {@code data:} lines; JSON on one line needs no further escape. */
  Buffer eventStreamForm() {
    if (eventStreamForm == null) {
      eventStreamForm =
          Buffer.buffer((id == null ? "" : "id: " + id + "\n") + "data: " + json + "\n\n");
    }
    return eventStreamForm;
  }

  private record AlertMessage(String type, String epoch, long seq, AlertEvent event) {}
}
