package org.chengmai.engine.command;

/** How far long work is, as one line on the terminal's standard error. Not thread-safe. */
final class Progress {
  private static final long PAUSE = 200_000_000;

  private final boolean isShown;
  private String what = "";
  private int done;
  private long shownAt = System.nanoTime();

  Progress(boolean isShown) {
    this.isShown = isShown;
  }

  /** Shown if the launcher says that standard error is a terminal. */
  static Progress onTerminal() {
    return new Progress(Boolean.getBoolean("chengmai.terminal"));
  }

  /** Begins with another kind of work. */
  void begin(String what) {
    this.what = what;
    this.done = 0;
    clear();
    if (isShown) {
      System.err.print("  " + what);
    }
  }

  /** One more is done. */
  void step() {
    done++;
    if (isShown && System.nanoTime() - shownAt > PAUSE) {
      shownAt = System.nanoTime();
      System.err.printf("\r\033[K  %s: %,d", what, done);
    }
  }

  /** Leaves the line empty for other output. */
  void clear() {
    if (isShown) {
      System.err.print("\r\033[K");
    }
  }
}
