package org.chengmai.engine.bench;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.chengmai.indicators.Grade;
import org.chengmai.models.feedback.Combiner;
import org.chengmai.models.feedback.CombinerConfig;
import org.chengmai.models.feedback.JudgedAlarm;
import org.chengmai.models.tribuo.TribuoCombiner;

/**
 * How many false alarms fewer call people after so many labels, and how many real ones. The alarms
 * are those that the detectors raise over real series; labels are drawn from their first part in
 * time and judged on the rest, which the combiner never sees. Beside that, what a budget of alarms
 * per series and day holds back.
 */
public final class FeedbackBenchmark {
  private static final List<Integer> LABELS = List.of(10, 20, 50, 100, 200, 400);
  private static final List<Double> BOUNDS = List.of(0.02, 0.05);
  private static final List<Integer> BUDGETS = List.of(1, 2, 3, 5);
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  /** Of each series, by its rows. */
  private static final double LABELLED_PART = 0.6;

  private final long seed;
  private final int draws;

  public FeedbackBenchmark(long seed, int draws) {
    this.seed = seed;
    this.draws = draws;
  }

  /**
   * What was measured.
   *
   * @param pool alarms that labels are drawn from
   * @param heldOut alarms that the figures speak of
   * @param heldOutReal those of them that lie in a labelled or injected anomaly
   * @param budgets of all alarms, which nothing is learnt from
   */
  public record Result(
      long seed,
      int draws,
      int series,
      int pool,
      int heldOut,
      int heldOutReal,
      List<Line> lines,
      List<Budget> budgets) {
    public Result {
      lines = List.copyOf(lines);
      budgets = List.copyOf(budgets);
    }
  }

  /**
   * After so many labels, mean over the draws.
   *
   * @param bound stated share of real alarms that may be demoted
   * @param learnt share of draws in which there was enough to learn from
   * @param falseDemoted share of false alarms that no longer call anyone
   * @param realDemoted share of real alarms that do not either
   * @param worstRealDemoted the same in the worst draw
   * @param anomaliesLost share of anomalies that were found and of which every alarm is demoted
   */
  public record Line(
      int labels,
      double bound,
      double learnt,
      double falseDemoted,
      double realDemoted,
      double worstRealDemoted,
      double anomaliesLost) {}

  /**
   * What a budget of so many alarms per series and day holds back, red ones never: {@code
   * budget_per_day}.
   *
   * @param falseHeld share of false alarms that are
   * @param realHeld share of real alarms that are
   * @param anomaliesLost share of anomalies that were found and of which every alarm is
   */
  public record Budget(int perDay, double falseHeld, double realHeld, double anomaliesLost) {}

  /** Judges combiners that learn from draws of the alarms. */
  public Result run(FeedbackAlarms alarms) {
    List<FeedbackAlarms.Alarm> pool =
        alarms.alarms().stream().filter(alarm -> alarm.part() < LABELLED_PART).toList();
    List<FeedbackAlarms.Alarm> heldOut =
        alarms.alarms().stream().filter(alarm -> alarm.part() >= LABELLED_PART).toList();
    List<Line> lines = new ArrayList<>();
    for (double bound : BOUNDS) {
      for (int labels : LABELS) {
        if (labels <= pool.size()) {
          lines.add(line(pool, heldOut, labels, bound));
        }
      }
    }
    return new Result(
        seed,
        draws,
        alarms.series(),
        pool.size(),
        heldOut.size(),
        (int) heldOut.stream().filter(FeedbackAlarms.Alarm::isReal).count(),
        lines,
        BUDGETS.stream().map(perDay -> budget(alarms.alarms(), perDay)).toList());
  }

  private static Budget budget(List<FeedbackAlarms.Alarm> alarms, int perDay) {
    Map<String, Integer> raised = new HashMap<>();
    Set<FeedbackAlarms.Alarm> held = new HashSet<>();
    alarms.stream()
        .sorted(Comparator.comparing(FeedbackAlarms.Alarm::at))
        .forEach(
            alarm -> {
              String day = alarm.series() + " " + LocalDate.ofInstant(alarm.at(), CHINA);
              if (raised.getOrDefault(day, 0) >= perDay && alarm.grade() != Grade.RED) {
                held.add(alarm);
              } else {
                raised.merge(day, 1, Integer::sum);
              }
            });
    return new Budget(
        perDay, share(alarms, held, false), share(alarms, held, true), lost(alarms, held));
  }

  private Line line(
      List<FeedbackAlarms.Alarm> pool,
      List<FeedbackAlarms.Alarm> heldOut,
      int labels,
      double bound) {
    CombinerConfig defaults = CombinerConfig.defaults();
    TribuoCombiner trainer =
        new TribuoCombiner(
            new CombinerConfig(
                defaults.cost(), defaults.folds(), bound, defaults.leastOfEach(), seed));
    double learnt = 0;
    double falseDemoted = 0;
    double realDemoted = 0;
    double worst = 0;
    double lost = 0;
    for (int draw = 0; draw < draws; draw++) {
      List<FeedbackAlarms.Alarm> shuffled = new ArrayList<>(pool);
      Collections.shuffle(shuffled, new Random(seed * 1000 + draw));
      List<JudgedAlarm> judged =
          shuffled.subList(0, labels).stream().map(FeedbackAlarms.Alarm::judged).toList();
      if (!trainer.isEnough(judged)) {
        continue;
      }
      Combiner combiner = trainer.train(1, judged).combiner();
      Set<FeedbackAlarms.Alarm> demoted = new HashSet<>();
      for (FeedbackAlarms.Alarm alarm : heldOut) {
        if (combiner.demotes(alarm.grade(), combiner.probability(alarm.judged().features()))) {
          demoted.add(alarm);
        }
      }
      learnt += 1.0 / draws;
      falseDemoted += share(heldOut, demoted, false) / draws;
      double real = share(heldOut, demoted, true);
      realDemoted += real / draws;
      worst = Math.max(worst, real);
      lost += lost(heldOut, demoted) / draws;
    }
    return new Line(labels, bound, learnt, falseDemoted, realDemoted, worst, lost);
  }

  private static double share(
      List<FeedbackAlarms.Alarm> alarms, Set<FeedbackAlarms.Alarm> demoted, boolean isReal) {
    return alarms.stream()
        .filter(alarm -> alarm.isReal() == isReal)
        .mapToDouble(alarm -> demoted.contains(alarm) ? 1 : 0)
        .average()
        .orElse(0);
  }

  private static double lost(List<FeedbackAlarms.Alarm> alarms, Set<FeedbackAlarms.Alarm> demoted) {
    Set<String> found = new HashSet<>();
    Set<String> told = new HashSet<>();
    for (FeedbackAlarms.Alarm alarm : alarms) {
      if (alarm.anomaly() != null) {
        found.add(alarm.anomaly());
        if (!demoted.contains(alarm)) {
          told.add(alarm.anomaly());
        }
      }
    }
    return found.isEmpty() ? 0 : (double) (found.size() - told.size()) / found.size();
  }
}
