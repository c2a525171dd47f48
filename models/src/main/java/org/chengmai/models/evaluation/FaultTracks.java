package org.chengmai.models.evaluation;

import java.util.ArrayList;
import java.util.List;
import org.chengmai.models.evaluation.ChannelTrack.Past;
import org.chengmai.models.stream.StreamScorer;
import org.chengmai.models.stream.Threshold;
import org.chengmai.models.stream.Weights;

/**
 * What the suite's channels said of series with faults, of the same without and of series in which
 * nothing is wrong, so that weights can be tried on all of them. Not thread-safe.
 */
public final class FaultTracks {
  private final List<ChannelTrack> undisturbed;
  private final List<ChannelTrack> quiet;
  private final List<Faulty> faults;
  private final double quietWeeks;

  private record Faulty(int series, int from, int until, ChannelTrack track) {}

  /**
   * What weights come to.
   *
   * @param recall share of the faults that are found
   * @param falseAlarms in 100 series-weeks of the quiet series
   */
  public record Outcome(double recall, double falseAlarms) {}

  /** Shows everything to the suite. */
  public FaultTracks(FaultSuite suite, List<TimedSeries> quiet) {
    this.undisturbed = suite.series().stream().map(FaultTracks::whole).toList();
    this.quiet = quiet.stream().map(FaultTracks::whole).toList();
    this.quietWeeks = quiet.stream().mapToDouble(one -> one.weeks(0, one.values().length)).sum();
    this.faults = new ArrayList<>();
    for (FaultSuite.Placed placed : suite.faults()) {
      Fault fault = placed.fault();
      ChannelTrack track = track(fault.series(), fault.from(), fault.until());
      faults.add(new Faulty(placed.series(), fault.from(), fault.until(), track));
    }
  }

  private static ChannelTrack whole(TimedSeries series) {
    return track(series, 0, series.values().length);
  }

  private static ChannelTrack track(TimedSeries series, int from, int end) {
    StreamScorer scorer = new StreamScorer(series.grain(), series.dayClass());
    return new ChannelTrack(scorer, series.times()::get, series.values(), from, end);
  }

  /**
   * Judges weights at an operating threshold.
   *
   * @param score at a grain of five minutes
   */
  public Outcome judge(Weights weights, double score) {
    int[] falseAlarms = {0};
    for (ChannelTrack track : quiet) {
      double threshold = weigh(track, weights, score);
      track.operating(
          weights, threshold, Past.NONE, Integer.MAX_VALUE, (kept, row, loud) -> falseAlarms[0]++);
    }
    for (ChannelTrack track : undisturbed) {
      weigh(track, weights, score);
    }
    int found = 0;
    for (Faulty fault : faults) {
      double threshold = weigh(fault.track(), weights, score);
      // until the fault the series is the undisturbed one
      Past past =
          undisturbed
              .get(fault.series())
              .operating(weights, threshold, Past.NONE, fault.from(), (kept, row, loud) -> {});
      boolean[] isFound = {false};
      fault
          .track()
          .operating(
              weights, threshold, past, fault.until(), (kept, row, loud) -> isFound[0] = true);
      found += isFound[0] ? 1 : 0;
    }
    return new Outcome(
        found / (double) Math.max(1, faults.size()), 100 * falseAlarms[0] / quietWeeks);
  }

  private static double weigh(ChannelTrack track, Weights weights, double score) {
    double threshold = Threshold.operating(score, track.periodsPerDay());
    track.weigh(weights, threshold);
    return threshold;
  }
}
