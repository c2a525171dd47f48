package org.chengmai.indicators;

/** How far a value may be relied on; shown with every value, best first. */
public enum Trust {
  /** All expected inputs were there when the period closed. */
  COMPLETE,
  /** Complete, but some inputs came after the period closed (a later revision). */
  LATE,
  /** Fewer inputs than the definition's coverage asks for, or a correction is under way. */
  PARTIAL,
  /** An older value carried on because nothing newer has come; stored where the definition says. */
  STALE,
  /** No value for this period. */
  MISSING
}
