package org.chengmai.connectors.process;

/**
 * Hears of servers' changes of state, on the thread that made them; it must return quickly and must
 * not throw.
 */
@FunctionalInterface
public interface ServerListener {
  void on(ServerEvent event);
}
