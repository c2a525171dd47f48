package org.chengmai.engine.pgwire;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The open sessions by the keys that their clients cancel with. Safe for use by several threads.
 */
final class CancelKeys {
  /**
   * @param process counts sessions
   * @param secret is known to the session's client only
   */
  record Key(int process, int secret) {}

  private final Map<Key, Session> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger processes = new AtomicInteger();
  private final SecureRandom random = new SecureRandom();

  Key add(Session session) {
    Key key = new Key(processes.incrementAndGet(), random.nextInt());
    sessions.put(key, session);
    return key;
  }

  void remove(Session session) {
    sessions.values().remove(session);
  }

  /** Cancels what the session runs; quiet when the key is not known. */
  void cancel(Key key) {
    Session session = sessions.get(key);
    if (session != null) {
      session.cancel();
    }
  }
}
