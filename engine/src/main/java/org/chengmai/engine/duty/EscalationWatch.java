package org.chengmai.engine.duty;

import java.time.Duration;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.pipeline.QuietThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every second whether alerts have waited too long for an answer; on a thread of its own. */
public final class EscalationWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EscalationWatch.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final AlertBook alerts;
  private final QuietThread thread = new QuietThread("escalation");

  public EscalationWatch(AlertBook alerts) {
    this.alerts = alerts;
  }

  public void start() {
    thread.repeat(PAUSE, this::look);
  }

  private void look() {
    try {
      alerts.escalate();
    } catch (RuntimeException e) {
      LOG.atWarn().log("nobody could be called; trying again: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
