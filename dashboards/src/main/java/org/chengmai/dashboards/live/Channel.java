package org.chengmai.dashboards.live;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;

/** The wire to one client: a websocket or an event stream. */
sealed interface Channel {

  void write(Frame frame);

  boolean isFull();

  /** Calls back, on any context, each time a full queue has room again. */
  void onDrain(Runnable handler);

  void close(int code, String reason);

  /** Frames as text messages. */
  record Socket(ServerWebSocket socket) implements Channel {
    @Override
    public void write(Frame frame) {
      socket.writeTextMessage(frame.json());
    }

    @Override
    public boolean isFull() {
      try {
        return socket.writeQueueFull();
      } catch (IllegalStateException closed) {
        // Its close handler is on the way; until then it takes nothing.
        return true;
      }
    }

    @Override
    public void onDrain(Runnable handler) {
      socket.drainHandler(ignored -> handler.run());
    }

    @Override
    public void close(int code, String reason) {
      socket.close((short) code, reason);
    }
  }

  /**
   * Frames as server-sent events. HTTP has no close code: the browser reconnects with the last id
   * it saw.
   */
  record Stream(HttpServerResponse response) implements Channel {
    @Override
    public void write(Frame frame) {
      response.write(frame.eventStreamForm());
    }

    @Override
    public boolean isFull() {
      return response.closed() || response.ended() || response.writeQueueFull();
    }

    @Override
    public void onDrain(Runnable handler) {
      response.drainHandler(ignored -> handler.run());
    }

    @Override
    public void close(int code, String reason) {
      if (isFull()) {
        response.reset();
      } else {
        response.end();
      }
    }
  }
}
