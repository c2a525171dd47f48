package org.chengmai.models.stream;

/**
 * Runs of equal values, in the hot numbers of a state. A quantity that rests at its least or its
 * greatest value (a sensor below what it can tell, rare events) says nothing of how long it stands
 * still in between, so either has its own longest run. In between the longest of all does not
 * count: a sensor that froze once would be free to freeze again.
 */
final class Still {
  private static final int RUN = 0;

  /** The longest run, the second longest, and how many values were equal to the one before. */
  private static final int LONGEST = 0;

  private static final int SECOND = 1;
  private static final int SAME = 2;
  private static final int BETWEEN = 1;
  private static final int EDGE = 4;
  static final int SIZE = 7;

  private static final double LEAST_RUN = 12;

  private Still() {}

  /**
   * One value more that equals the one before: about −log10 of the probability that the run goes on
   * so far beyond those that count, by how often values repeat; 0 while it is no longer.
   */
  static double goesOn(double[] hot, double number) {
    int place = place(hot, number);
    hot[Layout.STILL + RUN]++;
    hot[place + SAME]++;
    double longest = hot[place + (place == Layout.STILL + EDGE ? LONGEST : SECOND)];
    double beyond = hot[Layout.STILL + RUN] - Math.max(LEAST_RUN, longest);
    double often = (hot[place + SAME] + 1) / (hot[Layout.COUNT] + 2);
    return beyond > 0 ? 1 - Math.log10(often) * beyond : 0;
  }

  /**
   * Another value, or none, ends the run.
   *
   * @param number the value that was repeated
   * @param kept share that is left of the longest runs
   */
  static void ends(double[] hot, double number, double kept) {
    double run = hot[Layout.STILL + RUN];
    int place = place(hot, number);
    double longest = hot[place + LONGEST];
    hot[place + SECOND] = Math.max(hot[place + SECOND], Math.min(longest, run));
    hot[place + LONGEST] = Math.max(longest, run);
    for (int each = Layout.STILL + BETWEEN; each <= Layout.STILL + EDGE; each += EDGE - BETWEEN) {
      hot[each + LONGEST] *= kept;
      hot[each + SECOND] *= kept;
    }
    hot[Layout.STILL + RUN] = 0;
  }

  private static int place(double[] hot, double number) {
    double step = hot[Layout.RESOLUTION] / 2;
    boolean isEdge = number <= hot[Layout.LEAST] + step || number >= hot[Layout.GREATEST] - step;
    return Layout.STILL + (isEdge ? EDGE : BETWEEN);
  }
}
