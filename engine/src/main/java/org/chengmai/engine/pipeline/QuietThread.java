package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A thread of low priority for work that is done again and again and that nobody waits for. */
public final class QuietThread implements AutoCloseable {
  private final ScheduledExecutorService timer;

  public QuietThread(String name) {
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              thread.setPriority(Thread.MIN_PRIORITY);
              return thread;
            });
  }

  /** Runs {@code work} first after {@code pause}, then that long after it was done. */
  public void repeat(Duration pause, Runnable work) {
    timer.scheduleWithFixedDelay(work, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Runs it once, soon. */
  public void once(Runnable work) {
    timer.execute(work);
  }

  /** Runs it once, after {@code pause}. */
  public void after(Duration pause, Runnable work) {
    timer.schedule(work, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      timer.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
