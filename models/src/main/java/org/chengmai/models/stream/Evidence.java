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

  /** A record must be beaten by more than one step of a series of whole numbers. */
  private static final int STEPS_IN_RANGE = 3;

  /** Series of so many values, as a decimal logarithm, are trusted in full. */
  private static final double OLD = 3.2;

  /** Until so many values nothing is known that could make up a tail. */
  private static final int FIRST = 60;

  private static final int FIRST_LONG = 12;

  /** Periods that see nearly the same are no independent ones: log10 of a hundred, and of ten. */
  private static final double OVERLAP = 2;

  private static final double LATE_OVERLAP = 1;

  /** Single values that stick out are no rarity in restless series: log10 of some 1,600. */
  private static final double COMMON = 3.2;

  private static final double DRIFT_ALLOWED = 1;
  private static final double MOST_DRIFT = 4;

  /** Brings drifts, which grow into the hundreds, into the range of a tail. */
  private static final double DRIFT_SCALE = 4;

  /**
   * Of rare events each further one at once is some thirty times as rare, never a million times.
   */
  private static final double STEP_SHARE = 0.3;

  private static final double SEASON_LONG = 96;
  private static final double FAR = 5;
  private static final double LEAST_WIDTH = 2;
  private static final double MOST_WIDTH = 8;

  /** A gap of so many periods breaks the course. */
  private static final int LONG_GAP = 3;

  private final Slots slots;
  private final Season season;
  private final int first;

  Evidence(Slots slots, Layout layout) {
    this.slots = slots;
    this.season = new Season(layout, slots);
    this.first = slots.periodsPerDay() > 1 ? FIRST : FIRST_LONG;
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
    Spike.clear(hot);
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
    double scale = hot[Layout.SCALE] > 1e-7 * least ? hot[Layout.SCALE] : Math.max(1e-3, least);
    look.scale = Math.max(scale, hot[Layout.RESOLUTION]);
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

    /** One step of scatter at this time of day. */
    double unit;

    double residual;
    boolean isSpikeKnown;
    double nearestDay;
    double[] inputs = new double[0];
    double error;

    void see(Channel channel, double magnitude) {
      seen[channel.ordinal()] = magnitude;
    }

    /** One of a pair sees it, the other one nothing. */
    void see(Channel up, Channel down, double signed) {
      see(up, Math.max(0, signed));
      see(down, Math.max(0, -signed));
    }

    double at(Channel channel) {
      return seen[channel.ordinal()];
    }
  }

  /** From 0 to 1: a record, and what lasts, are worth little while few values were seen. */
  private static double age(double[] hot) {
    return Math.min(1, Math.log10(hot[Layout.COUNT]) / OLD);
  }

  /** How far a number lies beyond a range of such numbers, in shares of it; 0 within. */
  private static double beyond(double[] hot, double number, double least, double greatest) {
    double step = hot[Layout.RESOLUTION];
    double tiny = 1e-9 * Math.abs(hot[Layout.ANCHOR]) + 1e-12;
    double range = Math.max(greatest - least, tiny) + STEPS_IN_RANGE * step;
    double beyond = Math.max(number - greatest, least - number) - step;
    return beyond > 1e-9 * range ? beyond / range : 0;
  }

  private static void point(StreamState state, Look look) {
    double[] hot = state.hot;
    long count = (long) hot[Layout.COUNT];
    look.see(Channel.HIGH, Math.max(0, look.z));
    look.see(Channel.LOW, Math.max(0, -look.z));
    boolean afterGap = hot[Layout.GAP] > LONG_GAP;
    double before = count > 0 ? recent(state, 1) : (float) look.number;
    double step = Math.abs((float) look.number - before);
    look.see(Channel.JUMP, afterGap ? 0 : step / look.scale);
    if (count > 0 && step == 0 && !afterGap) {
      look.see(Channel.STILL, Still.goesOn(hot, look.number));
    } else {
      Still.ends(hot, before, 1 - SHRINK);
    }
    if (step > 0 && !(hot[Layout.RESOLUTION] > 0 && hot[Layout.RESOLUTION] <= step)) {
      hot[Layout.RESOLUTION] = step;
    }
    double beyond = beyond(hot, look.number, hot[Layout.LEAST], hot[Layout.GREATEST]);
    if (count >= LEAST_FOR_RECORD && beyond > 0) {
      look.see(Channel.RECORD, age(hot) * (2.2 + 13 * beyond));
    }
    late(hot, look, Channel.LATE_RECORD, Layout.RANGE, look.number);
    hot[Layout.FAR] = Math.abs(look.z) > FAR ? hot[Layout.FAR] + 1 : 0;
    hot[Layout.GAP] = 0;
  }

  private static void late(double[] hot, Look look, Channel channel, int range, double number) {
    double beyond = LateRange.score(hot, range, number, hot[Layout.RESOLUTION]);
    look.see(channel, age(hot) * beyond);
    LateRange.learn(hot, range, number, SHRINK);
  }

  /** One event, where rare ones are counted: the smallest change of what rests at zero; else 0. */
  private static double event(double[] hot) {
    return hot[Layout.MEDIAN] + hot[Layout.ANCHOR] == 0 ? hot[Layout.RESOLUTION] : 0;
  }

  /** What a channel sees of one event more. */
  private static double step(Channel channel, Look look, double[] hot) {
    double step = event(hot);
    return switch (channel) {
      case JUMP, HIGH, LOW -> step / look.scale;
      case MEAN_UP, MEAN_DOWN -> step / look.scale / Layout.WINDOW;
      case LONE_UP, LONE_DOWN, SPIKE_UP, SPIKE_DOWN, SEASON_UP, SEASON_DOWN -> step / look.unit;
      case DRIFT_UP, DRIFT_DOWN -> step / look.unit / DRIFT_SCALE;
      default -> 0;
    };
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
    look.unit = unit;
    // What the other class of day lends is no measure of what is strange.
    look.outside = isOwn ? Math.abs(outside) / unit : Double.NaN;
    double signed = isOwn ? outside / unit : 0;
    look.see(Channel.SEASON_UP, Channel.SEASON_DOWN, signed);
    double step = signed - hot[Layout.OUTSIDE];
    boolean isAlone = Math.signum(step) == Math.signum(signed);
    double lone = Math.min(Math.abs(signed), Math.abs(step));
    look.see(Channel.LONE_UP, Channel.LONE_DOWN, isAlone ? Math.copySign(lone, signed) : 0);
    hot[Layout.OUTSIDE] = signed;
    double spike = Spike.next(hot, isOwn ? look.residual : Double.NaN, unit);
    look.isSpikeKnown = !Double.isNaN(spike);
    look.see(Channel.SPIKE_UP, Channel.SPIKE_DOWN, look.isSpikeKnown ? spike : 0);
    if (isOwn) {
      drift(hot, look, clip(look.residual / unit, MOST_DRIFT));
      double seasonStep = clip(look.residual / Math.max(0.01 * look.scale, hot[Layout.NOISE]), 8);
      hot[Layout.SEASON_LONG] += (seasonStep - hot[Layout.SEASON_LONG]) / SEASON_LONG;
    }
    look.see(Channel.SEASON_LONG_UP, Channel.SEASON_LONG_DOWN, hot[Layout.SEASON_LONG]);
    look.nearestDay = season.nearestDay(state, place.slot(), visit, look.number) / look.scale;
    hot[Layout.LOW] = envelope[0] - unit * width(state, Channel.SEASON_DOWN);
    hot[Layout.EXPECTED] = look.expected;
    hot[Layout.HIGH] = envelope[1] + unit * width(state, Channel.SEASON_UP);
  }

  /** Units that the band leaves: an anomaly that lasts must not widen it until it fits in. */
  private static double width(StreamState state, Channel channel) {
    double edge = TailSketch.edge(state, channel.ordinal());
    return Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, 1.2 * edge));
  }

  /** Cumulative sums of what lies beyond a deviation, upwards and downwards (Page 1954). */
  private static void drift(double[] hot, Look look, double deviations) {
    hot[Layout.DRIFT_UP] = Math.max(0, hot[Layout.DRIFT_UP] + deviations - DRIFT_ALLOWED);
    hot[Layout.DRIFT_DOWN] = Math.max(0, hot[Layout.DRIFT_DOWN] - deviations - DRIFT_ALLOWED);
    boolean isUp = hot[Layout.DRIFT_UP] > hot[Layout.DRIFT_DOWN];
    double drift = isUp ? hot[Layout.DRIFT_UP] : -hot[Layout.DRIFT_DOWN];
    look.see(Channel.DRIFT_UP, Channel.DRIFT_DOWN, drift / DRIFT_SCALE);
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
  }

  private static void window(StreamState state, Look look) {
    double[] hot = state.hot;
    long count = (long) hot[Layout.COUNT];
    if (count < Layout.WINDOW) {
      return;
    }
    double sum = look.number;
    double errors = look.error;
    for (int i = 1; i < Layout.WINDOW; i++) {
      sum += recent(state, i);
      errors += recent(state, Layout.SURPRISES, i);
    }
    double mean = sum / Layout.WINDOW;
    double squares = (look.number - mean) * (look.number - mean);
    for (int i = 1; i < Layout.WINDOW; i++) {
      double away = recent(state, i) - mean;
      squares += away * away;
    }
    look.see(
        Channel.SURPRISE_MEAN_UP, Channel.SURPRISE_MEAN_DOWN, errors / Math.sqrt(Layout.WINDOW));
    level(hot, look, mean);
    double shift = (mean - hot[Layout.MEDIAN]) / look.scale;
    look.see(Channel.MEAN_UP, Math.max(0, shift));
    look.see(Channel.MEAN_DOWN, Math.max(0, -shift));
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

  /** Whether the mean of a window is beyond all such means; learns it. */
  private static void level(double[] hot, Look look, double mean) {
    double least = hot[Layout.LEAST_MEAN];
    double greatest = hot[Layout.GREATEST_MEAN];
    if (Double.isNaN(least)) {
      least = mean;
      greatest = mean;
    }
    double beyond = beyond(hot, mean, least, greatest);
    late(hot, look, Channel.LATE_LEVEL, Layout.MEANS, mean);
    if (hot[Layout.COUNT] >= LEAST_FOR_RECORD && beyond > 0) {
      look.see(Channel.LEVEL_RECORD, age(hot) * age(hot) * (1 + 13 * beyond));
    }
    hot[Layout.LEAST_MEAN] = Math.min(mean, least + SHRINK * (hot[Layout.MEDIAN] - least));
    hot[Layout.GREATEST_MEAN] = Math.max(mean, greatest + SHRINK * (hot[Layout.MEDIAN] - greatest));
  }

  private static void score(StreamState state, Look look) {
    double age = age(state.hot);
    for (Channel channel : Channel.ALL) {
      double score = look.at(channel);
      if (channel.isTail()) {
        double least = STEP_SHARE * step(channel, look, state.hot);
        score = TailSketch.score(state, channel.ordinal(), score, least);
      }
      if (channel.isSpike()) {
        score = Math.max(0, score - COMMON);
      } else if (channel.isSlow()) {
        score = age * age * Math.max(0, score - OVERLAP);
      } else if (channel.isLate()) {
        score = age * Math.max(0, score - LATE_OVERLAP);
      }
      scored(state, channel, score);
    }
    double event = event(state.hot);
    double scaled = event / look.scale;
    likely(state, Channel.DAY_LIKELIHOOD, 0, Math.min(look.nearestDay, 5), scaled);
    likely(state, Channel.SURPRISE_LIKELIHOOD, 1, Math.min(Math.abs(look.error), 5), scaled);
    likely(state, Channel.SEASON_LIKELIHOOD, 2, Math.min(look.outside, 20), event / look.unit);
  }

  private static void likely(
      StreamState state, Channel channel, int which, double number, double event) {
    scored(state, channel, Likelihood.next(state, which, number, event));
  }

  private static void scored(StreamState state, Channel channel, double score) {
    state.hot[Layout.SCORES + channel.ordinal()] = score;
  }

  private void learn(StreamState state, Slots.Place place, long visit, Look look) {
    double[] hot = state.hot;
    hot[Layout.GAIN] *= TailSketch.GROWTH;
    boolean isFirst = hot[Layout.COUNT] < first;
    int[] late = new int[Channel.LATE / 2];
    for (Channel channel : Channel.ALL) {
      if (isFirst || !isJudged(channel, look, hot)) {
        continue;
      }
      int bin = TailSketch.bin(look.at(channel));
      int pair = (channel.ordinal() - Channel.TAILS + Channel.LATE) / 2;
      if (!channel.isLate()) {
        TailSketch.learn(state, channel.ordinal(), bin);
      } else if (bin >= Math.abs(late[pair])) {
        late[pair] = channel.isDown() ? -1 - bin : 1 + bin;
      }
    }
    LateTails.learn(state, late);
    if (look.inputs.length > 0) {
      Course.learn(hot, look.inputs, look.error);
    }
    Shapes.learn(state, look.number);
    long count = (long) hot[Layout.COUNT];
    state.set(Layout.RECENT + (int) (count % Layout.VALUES), look.number);
    state.set(Layout.SURPRISES + (int) (count % Layout.WINDOW), look.error);
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
    return channel.isTail()
        && (look.isKnown || !channel.isSeasonal())
        && (look.isSpikeKnown || !channel.isSpike())
        && (channel != Channel.SHAPE || Shapes.isKnown(hot));
  }
}
