package org.chengmai.models.tribuo;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Tribuo's log: it tells of every training and epoch through java.util.logging. Keeps the logger,
 * so that its level is not collected with it.
 */
public final class TribuoLog {
  private static final Logger LOGGER = Logger.getLogger("org.tribuo");

  private TribuoLog() {}

  /** Warnings alone from now on. */
  public static void quieten() {
    LOGGER.setLevel(Level.WARNING);
  }
}
