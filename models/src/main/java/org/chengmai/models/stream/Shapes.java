package org.chengmai.models.stream;

/**
 * Prototypes of the windows seen: a window is described by means of three values each, and is new
 * when no prototype is near. A window is learnt once it no longer overlaps the present.
 */
final class Shapes {
  static final int COUNT = 24;
  private static final int FEATURES = 8;
  static final int SIZE = FEATURES + 2;
  private static final int NEWEST = FEATURES;
  private static final int SEEN = FEATURES + 1;
  private static final int EACH = Layout.WINDOW / FEATURES;
  private static final int LEAST_KNOWN = 8;
  private static final int EVERY = 6;
  private static final int MOST_SEEN = 20;

  private Shapes() {}

  static boolean isKnown(double[] hot) {
    return hot[Layout.SHAPES_USED] >= LEAST_KNOWN;
  }

  /** The distance of the window that ends with {@code newest} to the nearest prototype. */
  static double novelty(StreamState state, double newest) {
    double[] features = features(state, newest, 0);
    return Math.sqrt(distance(state, nearest(state, features), features) / FEATURES);
  }

  static void learn(StreamState state, double newest) {
    long count = (long) state.hot[Layout.COUNT];
    if (count < 2 * Layout.WINDOW || count % EVERY != 0) {
      return;
    }
    double[] features = features(state, newest, Layout.WINDOW);
    double[] hot = state.hot;
    int used = (int) hot[Layout.SHAPES_USED];
    int into = used == 0 ? 0 : nearest(state, features);
    double away = used == 0 ? 0 : Math.sqrt(distance(state, into, features));
    double seen = 1;
    if (used == 0 || away > hot[Layout.RADIUS]) {
      if (used < COUNT) {
        into = used;
        hot[Layout.SHAPES_USED]++;
      } else {
        into = longestUnused(state);
        hot[Layout.RADIUS] = hot[Layout.RADIUS] == 0 ? 0.2 * away : hot[Layout.RADIUS] * 1.05;
      }
    } else {
      seen = Math.min(MOST_SEEN, state.cold[at(into) + SEEN] + 1);
      hot[Layout.RADIUS] *= 0.998;
    }
    for (int i = 0; i < FEATURES; i++) {
      double was = state.cold[at(into) + i];
      state.set(at(into) + i, was + (features[i] - was) / seen);
    }
    state.set(at(into) + SEEN, seen);
    state.set(at(into) + NEWEST, count);
  }

  private static int at(int prototype) {
    return Layout.SHAPES + prototype * SIZE;
  }

  private static double[] features(StreamState state, double newest, int back) {
    double[] features = new double[FEATURES];
    for (int i = 0; i < Layout.WINDOW; i++) {
      int ago = back + i;
      features[i / EACH] += (ago == 0 ? newest : Evidence.recent(state, ago)) / EACH;
    }
    return features;
  }

  private static int nearest(StreamState state, double[] features) {
    int best = 0;
    double least = Double.MAX_VALUE;
    for (int i = 0; i < (int) state.hot[Layout.SHAPES_USED]; i++) {
      double distance = distance(state, i, features);
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  private static double distance(StreamState state, int prototype, double[] features) {
    double sum = 0;
    for (int i = 0; i < FEATURES; i++) {
      double away = features[i] - state.cold[at(prototype) + i];
      sum += away * away;
    }
    return sum;
  }

  private static int longestUnused(StreamState state) {
    int oldest = 0;
    for (int i = 1; i < COUNT; i++) {
      if (state.cold[at(i) + NEWEST] < state.cold[at(oldest) + NEWEST]) {
        oldest = i;
      }
    }
    return oldest;
  }
}
