package org.chengmai.dashboards.live;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What a hub has done since its start. Safe for several threads. */
public final class LiveCounts {
  private final AtomicInteger connected = new AtomicInteger();
  private final LongAdder framesSent = new LongAdder();
  private final LongAdder slowClosed = new LongAdder();
  private final LongAdder refused = new LongAdder();

  /** How many clients are connected now. */
  public int connected() {
    return connected.get();
  }

  /** Frames written, over all clients. */
  public long framesSent() {
    return framesSent.sum();
  }

  /** Clients closed because they did not read. */
  public long slowClosed() {
    return slowClosed.sum();
  }

  /** Connections refused because the limit was reached. */
  public long refused() {
    return refused.sum();
  }

  void connect(int clients) {
    connected.set(clients);
  }

  void send(long frames) {
    framesSent.add(frames);
  }

  void closeSlow() {
    slowClosed.increment();
  }

  void refuse() {
    refused.increment();
  }
}
