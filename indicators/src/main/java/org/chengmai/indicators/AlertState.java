package org.chengmai.indicators;

/** The life of an alert. */
public enum AlertState {
  PENDING,
  FIRING,
  ACKNOWLEDGED,
  RESOLVED,
  CLOSED;

  /** Whether someone still has to look at it. */
  public boolean isOpen() {
    return this == PENDING || this == FIRING || this == ACKNOWLEDGED;
  }
}
