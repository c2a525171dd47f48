package org.chengmai.models.stream;

import org.chengmai.models.Slots;

/**
 * Looks at a value in every way, scores each against its own past, then learns the value. Costs the
 * same for each value and looks at nothing but the past.
 *
 * <p>Values are kept as their distance from the first one, so that a great level costs no
 * precision.
 */
final class Evidence {
  private static final double MOST_VALUE = 1e30;
  private static final double MEMORY = 4000;
  private static final double SHRINK = 2e-5;
  private static final int LEAST_FOR_RECORD = 100;
  private static final int LEAST_FOR_SPREAD = Layout.WINDOW + 50;
  private static final double STILL_FROM = 12;
  private static final double SEASON_LONG = 96;
  private static final int FAST = 5;
  private static final double MOST_CALM = 10;
  private static final double FAR = 5;
  private static final double LEAST_WIDTH = 2;
  private static final double MOST_WIDTH = 8;

  /** A gap of so many periods breaks the course. */
  private static final int LONG_GAP = 3;

  private final Slots slots;
  private final Season season;

  Evidence(Slots slots, Layout layout) {
    this.slots = slots;
    this.season = new Season(layout, slots);
  }

  static double clip(double number, double most) {
    return Math.max(-most, Math.min(most, number));
  }

  /** The value {@code ago} values before the one that comes next. */
  static double recent(StreamState state, int ago) {
    return state
        .cold[Layout.RECENT + (int) (((long) state.hot[Layout.COUNT] - ago) % Layout.VALUES)];
  }

  private static double recent(StreamState state, int ring, int ago) {
    return state.cold[ring + (int) (((long) state.hot[Layout.COUNT] - ago) % Layout.WINDOW)];
  }

  /** Nothing came: what follows has no neighbour once the gap is long. */
  void miss(StreamState state, long periods) {
    double[] hot = state.hot;
    hot[Layout.GAP] += periods;
    if (hot[Layout.GAP] > LONG_GAP) {
      hot[Layout.SINCE_GAP] = 0;
    }
    hot[Layout.LOW] = Double.NaN;
  }

  /**
   * Scores a value and learns it.
   *
   * @param visit a number that this slot of this day has alone
   */
  void next(StreamState state, Slots.Place place, long visit, double value) {
    double[] hot = state.hot;
    long count = (long) hot[Layout.COUNT];
    if (count == 0) {
      hot[Layout.ANCHOR] = clip(value, MOST_VALUE);
    }
    Look look = new Look();
    look.number = clip(clip(value, MOST_VALUE) - hot[Layout.ANCHOR], MOST_VALUE);
    double least = 0.01 * Math.abs(hot[Layout.MEDIAN] + hot[Layout.ANCHOR]);
    look.scale = hot[Layout.SCALE] > 1e-7 * least ? hot[Layout.SCALE] : Math.max(1e-3, least);
    look.z = (look.number - hot[Layout.MEDIAN]) / look.scale;
    point(state, look);
    season(state, place, visit, look);
    course(state, look);
    window(state, look);
    score(state, look);
    learn(state, place, visit, look);
  }

  /** What is seen of one value before it is learnt. */
  private static final class Look {
    final double[] seen = new double[Channel.COUNT];
    double number;
    double scale;
    double z;
    double expected;
    boolean isKnown;

    /** Steps of scatter beyond the slot's levels; NaN where its own are not known. */
    double outside;

    /** How much calmer this time of day is than the series. */
    double calm;

    double residual;
    double nearestDay;
    double seasonStep;
    double[] inputs = new double[0];
    double error;

    void see(Channel channel, double magnitude) {
      seen[channel.ordinal()] = magnitude;
    }

    double at(Channel channel) {
      return seen[channel.ordinal()];
    }
  }

  /** A record is worth little while there were few values to beat. */
  private static double record(long count, double beyond) {
    return Math.min(1, Math.log10(count) / 3.2) * (2.2 + 13 * beyond);
  }

  private static void point(StreamState state, Look look) {
    double[] hot = state.hot;
    long count = (long) hot[Layout.COUNT];
    look.see(Channel.HIGH, Math.max(0, look.z));
    look.see(Channel.LOW, Math.max(0, -look.z));
    double jump = count > 0 ? Math.abs(look.number - recent(state, 1)) / look.scale : 0;
    boolean afterGap = hot[Layout.GAP] > LONG_GAP;
    look.see(Channel.JUMP, afterGap ? 0 : jump);
    hot[Layout.STILL] = count > 0 && jump <= 1e-9 && !afterGap ? hot[Layout.STILL] + 1 : 0;
    look.see(Channel.STILL, Math.max(0, hot[Layout.STILL] - STILL_FROM));
    double beyond = Math.max(look.number - hot[Layout.GREATEST], hot[Layout.LEAST] - look.number);
    double range =
        Math.max(
            hot[Layout.GREATEST] - hot[Layout.LEAST], 1e-9 * Math.abs(hot[Layout.ANCHOR]) + 1e-12);
    if (count >= LEAST_FOR_RECORD && beyond > 1e-9 * range) {
      look.see(Channel.RECORD, record(count, beyond / range));
    }
    hot[Layout.FAR] = Math.abs(look.z) > FAR ? hot[Layout.FAR] + 1 : 0;
    hot[Layout.GAP] = 0;
  }

  private void season(StreamState state, Slots.Place place, long visit, Look look) {
    double[] hot = state.hot;
    double level = season.level(state, place, place.slot());
    look.isKnown = !Double.isNaN(level);
    boolean isOwn = look.isKnown && season.isOwn(state, place);
    look.expected = look.isKnown ? level : hot[Layout.MEDIAN];
    look.residual = look.number - look.expected;
    double[] envelope =
        look.isKnown
            ? season.envelope(state, place, level)
            : new double[] {look.expected, look.expected};
    double outside = look.number - Math.max(envelope[0], Math.min(envelope[1], look.number));
    double unit = season.unit(state, place, look.scale);
    // What the other class of day lends is no measure of what is strange.
    look.outside = isOwn ? Math.abs(outside) / unit : Double.NaN;
    look.see(Channel.SEASON, isOwn ? look.outside : 0);
    look.calm = Math.min(MOST_CALM, hot[Layout.NOISE] / unit);
    look.seasonStep = clip(look.residual / Math.max(0.01 * look.scale, hot[Layout.NOISE]), 8);
    hot[Layout.SEASON_LONG] += (look.seasonStep - hot[Layout.SEASON_LONG]) / SEASON_LONG;
    look.see(Channel.SEASON_LONG, Math.abs(hot[Layout.SEASON_LONG]));
    look.nearestDay = season.nearestDay(state, place.slot(), visit, look.number) / look.scale;
    look.see(Channel.DAY, look.nearestDay);
    double edge = TailSketch.edge(state, Channel.SEASON.ordinal());
    // An anomaly that lasts must not widen the band until it fits in.
    double width = unit * Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, 1.2 * edge));
    hot[Layout.LOW] = envelope[0] - width;
    hot[Layout.EXPECTED] = look.expected;
    hot[Layout.HIGH] = envelope[1] + width;
  }

  private static void course(StreamState state, Look look) {
    double[] hot = state.hot;
    double seasonNow = clip((look.expected - hot[Layout.MEDIAN]) / look.scale, 5);
    if (hot[Layout.SINCE_GAP] >= Course.LAGS) {
      double[] inputs = new double[Course.INPUTS];
      inputs[0] = 1;
      for (int i = 1; i <= Course.LAGS; i++) {
        inputs[i] = clip((recent(state, i) - hot[Layout.MEDIAN]) / look.scale, 5);
      }
      inputs[Course.LAGS + 1] = seasonNow;
      inputs[Course.LAGS + 2] = hot[Layout.SEASON_BEFORE];
      double error = clip(look.z, 5) - Course.predict(hot, inputs);
      if (Double.isFinite(error)) {
        look.inputs = inputs;
        look.error = error;
      } else {
        Course.reset(hot);
      }
    }
    hot[Layout.SEASON_BEFORE] = seasonNow;
    // The same error is more of a surprise at a calm time of day.
    double calm = look.calm > 0 ? look.calm : 1;
    look.see(Channel.SURPRISE, calm * Math.abs(look.error) + Math.max(0, Math.abs(look.z) - 5));
  }

  private static void window(StreamState state, Look look) {
    double[] hot = state.hot;
    long count = (long) hot[Layout.COUNT];
    if (count < Layout.WINDOW) {
      return;
    }
    double sum = look.number;
    double errors = look.error;
    double steps = look.seasonStep;
    double fast = look.number;
    double before = 0;
    for (int i = 1; i < Layout.WINDOW; i++) {
      double one = recent(state, i);
      sum += one;
      errors += recent(state, Layout.SURPRISES, i);
      steps += recent(state, Layout.RESIDUALS, i);
      fast += i < FAST ? one : 0;
      before += i >= FAST && i < 2 * FAST ? one : 0;
    }
    double mean = sum / Layout.WINDOW;
    double squares = (look.number - mean) * (look.number - mean);
    for (int i = 1; i < Layout.WINDOW; i++) {
      double away = recent(state, i) - mean;
      squares += away * away;
    }
    look.see(Channel.SURPRISE_MEAN, Math.abs(errors) / Math.sqrt(Layout.WINDOW));
    look.see(Channel.SEASON_MEAN, Math.abs(steps) / Layout.WINDOW);
    double shift = (mean - hot[Layout.MEDIAN]) / look.scale;
    look.see(Channel.MEAN_UP, Math.max(0, shift));
    look.see(Channel.MEAN_DOWN, Math.max(0, -shift));
    look.see(Channel.MEAN_FAST, Math.abs(fast - before) / FAST / look.scale);
    double logSpread = Math.log(Math.sqrt(squares / Layout.WINDOW) / look.scale + 0.01);
    double wider = logSpread - hot[Layout.LOG_SPREAD];
    if (count > LEAST_FOR_SPREAD) {
      look.see(Channel.SPREAD_UP, Math.max(0, wider));
      look.see(Channel.SPREAD_DOWN, Math.max(0, -wider));
    }
    hot[Layout.LOG_SPREAD] += wider / Math.min(MEMORY, count - Layout.WINDOW + 1);
    if (Shapes.isKnown(hot)) {
      look.see(Channel.SHAPE, Shapes.novelty(state, look.number) / look.scale);
    }
  }

  private static void score(StreamState state, Look look) {
    for (Channel channel : Channel.ALL) {
      double seen = look.at(channel);
      scored(
          state,
          channel,
          channel.isTail() ? TailSketch.score(state, channel.ordinal(), seen) : seen);
    }
    likely(state, Channel.DAY_LIKELIHOOD, 0, Math.min(look.nearestDay, 5));
    boolean hasWindow = state.hot[Layout.COUNT] >= Layout.WINDOW;
    double shape = state.hot[Layout.SCORES + Channel.SHAPE.ordinal()];
    likely(state, Channel.SHAPE_LIKELIHOOD, 1, hasWindow ? shape : Double.NaN);
    likely(state, Channel.SURPRISE_LIKELIHOOD, 2, Math.min(Math.abs(look.error), 5));
    likely(state, Channel.SEASON_LIKELIHOOD, 3, Math.min(look.outside, 20));
    likely(state, Channel.JUMP_LIKELIHOOD, 4, Math.min(look.at(Channel.JUMP), 5));
    likely(state, Channel.LEVEL_LIKELIHOOD, 5, Math.min(Math.abs(look.z), 5));
  }

  private static void likely(StreamState state, Channel channel, int which, double number) {
    scored(state, channel, Likelihood.next(state, which, number));
  }

  private static void scored(StreamState state, Channel channel, double score) {
    state.hot[Layout.SCORES + channel.ordinal()] = score;
  }

  private void learn(StreamState state, Slots.Place place, long visit, Look look) {
    double[] hot = state.hot;
    hot[Layout.GAIN] *= TailSketch.GROWTH;
    for (Channel channel : Channel.ALL) {
      if (channel.isTail() && isJudged(channel, look, hot)) {
        TailSketch.learn(state, channel.ordinal(), look.at(channel), hot[Layout.GAIN]);
      }
    }
    if (look.inputs.length > 0) {
      Course.learn(hot, look.inputs, look.error);
    }
    Shapes.learn(state, look.number);
    long count = (long) hot[Layout.COUNT];
    state.set(Layout.RECENT + (int) (count % Layout.VALUES), look.number);
    state.set(Layout.SURPRISES + (int) (count % Layout.WINDOW), look.error);
    state.set(Layout.RESIDUALS + (int) (count % Layout.WINDOW), look.seasonStep);
    season.learn(state, place, visit, look.number, look.isKnown ? look.residual : Double.NaN);
    // The range forgets: an old record slowly shrinks towards the middle.
    hot[Layout.LEAST] += SHRINK * (hot[Layout.MEDIAN] - hot[Layout.LEAST]);
    hot[Layout.GREATEST] += SHRINK * (hot[Layout.MEDIAN] - hot[Layout.GREATEST]);
    hot[Layout.LEAST] = Math.min(look.number, hot[Layout.LEAST]);
    hot[Layout.GREATEST] = Math.max(look.number, hot[Layout.GREATEST]);
    Spread.learn(state, look.number);
    hot[Layout.SINCE_GAP]++;
    hot[Layout.COUNT]++;
  }

  /** What could not be seen yet must not pass for nothing seen. */
  private static boolean isJudged(Channel channel, Look look, double[] hot) {
    return switch (channel) {
      case DAY -> !Double.isNaN(look.nearestDay);
      case SEASON, SEASON_MEAN, SEASON_LONG -> look.isKnown;
      case SHAPE -> Shapes.isKnown(hot);
      default -> true;
    };
  }
}
