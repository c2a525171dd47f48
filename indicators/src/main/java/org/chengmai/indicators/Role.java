package org.chengmai.indicators;

/** What a user may do, least first; each role may also do what the ones before it may. */
public enum Role {
  /** Watches the wall and subscribes to alerts. */
  VIEWER,
  /** Also runs SQL. */
  ANALYST,
  /** Also acknowledges and closes alerts and pushes observations. */
  OPERATOR,
  /** Also replays dead letters and sees everyone's actions. */
  ADMIN;

  public boolean includes(Role other) {
    return compareTo(other) >= 0;
  }
}
