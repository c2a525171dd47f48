package org.chengmai.engine.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.comparison.Reading;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.Measure;
import org.chengmai.indicators.definition.Measure.Change;
import org.chengmai.indicators.definition.Measure.Change.Base;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the city stands: the newest points with their grades and comparisons. The usual comparisons
 * (yoy, mom, wow) are made when points are published, so that a question asks no server; others are
 * made when first asked for. Safe for use by several threads.
 */
public final class CitySnapshot implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CitySnapshot.class);
  private static final Reasons NOTHING = new Reasons(List.of(), List.of());

  private static final Measure MOM = new Change(Base.MOM, false);

  /** What is compared without being asked for. */
  private static final Set<Measure> USUAL =
      Set.of(new Change(Base.YOY, false), new Change(Base.MOM, false), new Change(Base.WOW, false));

  /** Points of one publication come in several lots. */
  private static final long GATHER_MILLIS = 200;

  /** By then Druid has read what was published before, such as bases. */
  private static final long AGAIN_MILLIS = 10_000;

  /** What was published before the start is read by Druid soon after it. */
  private static final int FILLS = 10;

  private static final long FILL_MILLIS = 60_000;

  private final IndicatorCatalogue catalogue;
  private final NewestPoints newest;
  private final Comparisons comparisons;
  private final Map<SeriesKey, Compared> compared = new ConcurrentHashMap<>();
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();
  private final Set<String> waitingAgain = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "city-snapshot"));

  public CitySnapshot(IndicatorCatalogue catalogue, NewestPoints newest, Comparisons comparisons) {
    this.catalogue = catalogue;
    this.newest = newest;
    this.comparisons = comparisons;
  }

  /**
   * A series' newest point.
   *
   * @param point stale where it has grown old
   * @param grade absent where none holds, and without a value
   * @param compared what each asked measure says
   */
  public record Standing(
      IndicatorPoint point, @Nullable Grade grade, Map<Measure, Reading> compared) {}

  /** What is known of a point's comparisons. */
  private record Compared(IndicatorPoint point, Map<Measure, Reading> readings) {
    boolean isOf(IndicatorPoint other) {
      return point.periodStart().equals(other.periodStart())
          && point.revision() == other.revision();
    }

    Compared with(Map<Measure, Reading> more) {
      Map<Measure, Reading> all = new HashMap<>(readings);
      all.putAll(more);
      return new Compared(point, Map.copyOf(all));
    }
  }

  /** Begins to compare what is published. */
  public void start() {
    newest.onPublished(this::published);
    fill(1);
  }

  private void fill(int round) {
    later(
        round == 1 ? 0 : FILL_MILLIS,
        () -> {
          Set<String> unused = compare(newest.fill());
        },
        () -> {
          if (round < FILLS) {
            fill(round + 1);
          }
        });
  }

  private void published(String code, boolean isLive) {
    if (!isLive) {
      again(Set.of(code));
    } else if (waiting.add(code)) {
      later(GATHER_MILLIS, () -> again(compare(taken(waiting))), () -> {});
    }
  }

  private void again(Set<String> codes) {
    if (waitingAgain.addAll(codes)) {
      later(
          AGAIN_MILLIS,
          () -> {
            Set<String> unused = compare(taken(waitingAgain));
          },
          () -> {});
    }
  }

  private static Set<String> taken(Set<String> codes) {
    Set<String> taken = Set.copyOf(codes);
    codes.removeAll(taken);
    return taken;
  }

  /** A failure is told; the next publication, or a question, tries again. */
  private void later(long millis, Runnable task, Runnable then) {
    try {
      timer.schedule(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              LOG.atWarn().log("newest points are not compared: {}", e.getMessage());
            }
            then.run();
          },
          millis,
          TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed");
    }
  }

  /**
   * Makes the usual comparisons of some indicators' newest points anew. Answers those of which a
   * period before was not there.
   */
  Set<String> compare(Set<String> codes) {
    List<IndicatorPoint> points = newest.of(codes);
    Map<SeriesKey, Map<Measure, Reading>> made = comparisons.read(byDefinition(points), USUAL);
    Set<String> lacking = new TreeSet<>();
    for (IndicatorPoint point : points) {
      Map<Measure, Reading> readings = made.getOrDefault(point.key(), Map.of());
      compared.put(point.key(), new Compared(point, Map.copyOf(readings)));
      if (readings.get(MOM) instanceof Reading.Unknown unknown
          && unknown.cause() == Reading.Cause.BASE_MISSING) {
        lacking.add(point.key().code());
      }
    }
    return lacking;
  }

  private Map<IndicatorDefinition, List<IndicatorPoint>> byDefinition(List<IndicatorPoint> points) {
    Map<String, List<IndicatorPoint>> byCode =
        points.stream().collect(Collectors.groupingBy(point -> point.key().code()));
    Map<IndicatorDefinition, List<IndicatorPoint>> byDefinition = new LinkedHashMap<>();
    byCode.forEach((code, own) -> byDefinition.put(catalogue.get(code), own));
    return byDefinition;
  }

  /** The measures that a point does not carry. */
  private static Set<Measure> unread(IndicatorPoint point, Collection<Measure> measures) {
    Set<Measure> unread = new LinkedHashSet<>(measures);
    unread.removeIf(measure -> point.readings().containsKey(measure.toString()));
    return unread;
  }

  /**
   * The newest points of some indicators in some regions.
   *
   * @param regions all if empty
   * @param measures what the points are compared by
   */
  public List<Standing> of(Collection<String> codes, Set<String> regions, Set<Measure> measures) {
    List<IndicatorPoint> points =
        newest.of(codes).stream()
            .filter(point -> regions.isEmpty() || regions.contains(point.key().region()))
            .toList();
    compareMissing(points, measures);
    return points.stream().map(point -> standing(point, measures)).toList();
  }

  /** Compares what was not compared yet: one question to the store for all that look back alike. */
  private void compareMissing(List<IndicatorPoint> points, Set<Measure> measures) {
    List<IndicatorPoint> missing = new ArrayList<>();
    for (IndicatorPoint point : points) {
      Compared known = compared.get(point.key());
      Set<Measure> unread = unread(point, measures);
      if (!unread.isEmpty()
          && (known == null
              || !known.isOf(point)
              || !known.readings().keySet().containsAll(unread))) {
        missing.add(point);
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    Map<SeriesKey, Map<Measure, Reading>> made = comparisons.read(byDefinition(missing), measures);
    for (IndicatorPoint point : missing) {
      compared.merge(
          point.key(),
          new Compared(point, Map.copyOf(made.getOrDefault(point.key(), Map.of()))),
          (known, more) -> known.isOf(point) ? known.with(more.readings()) : more);
    }
  }

  private Standing standing(IndicatorPoint point, Set<Measure> measures) {
    Map<Measure, Reading> said = new LinkedHashMap<>();
    Compared known = compared.get(point.key());
    for (Measure measure : measures) {
      Double read = point.readings().get(measure.toString());
      Reading made = known == null || !known.isOf(point) ? null : known.readings().get(measure);
      if (read != null) {
        said.put(measure, new Reading.Known(read, NOTHING));
      } else if (made != null) {
        said.put(measure, made);
      }
    }
    Grade grade = catalogue.find(point.key().code()).flatMap(of -> of.grade(point)).orElse(null);
    return new Standing(point, grade, said);
  }

  @Override
  public void close() throws InterruptedException {
    timer.shutdownNow();
    boolean unused = timer.awaitTermination(5, TimeUnit.SECONDS);
  }
}
