package org.chengmai.connectors.feed;

/**
 * Observations coming in from one kind of sender, handed to an {@link Intake} until closed.
 *
 * <p>Every feed keeps three promises, which {@code FeedContract} tests: a sender is answered only
 * after the intake has stored its batch; a batch that the intake refuses is not acknowledged, so
 * the sender repeats it; one bad row disturbs no other row.
 */
public interface Feed extends AutoCloseable {
  /** Short name for logs, health and dead letters, such as {@code mqtt}. */
  String name();

  /**
   * Begins to take observations; returns when senders can be served. EXTERNAL when that is
   * impossible.
   */
  void start();

  /** What keeps the feed from working, for {@code /health}; empty when it works. */
  String problem();

  /** Takes nothing more; batches already handed over are still answered. */
  @Override
  void close();
}
