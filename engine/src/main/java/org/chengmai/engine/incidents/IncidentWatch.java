package org.chengmai.engine.incidents;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.pipeline.DetectorRunner;
import org.chengmai.engine.pipeline.QuietThread;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.models.incidents.Alarm;
import org.chengmai.models.incidents.IncidentConfig;
import org.chengmai.models.incidents.IncidentFinder;
import org.chengmai.models.incidents.Residuals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the incidents of the last day anew when the alert log has grown. On a thread of its own;
 * alerts never wait for it.
 */
public final class IncidentWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IncidentWatch.class);
  private static final Duration DAY = Duration.ofDays(1);

  /** How long before the day residuals are read, to know how series usually go together. */
  private static final Duration PAST = Duration.ofDays(2);

  /** Of so many are courses read; further ones join an incident only as kin of its series. */
  private static final int MOST_SERIES = 300;

  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final AlertBook alerts;
  private final IndicatorCatalogue catalogue;
  private final IncidentBook book;
  private final ResidualReader residuals;
  private final IncidentFinder finder;
  private final InstantSource clock;
  private long seen = -1;
  private final QuietThread thread = new QuietThread("incident-watch");

  public IncidentWatch(
      DataSource database,
      AlertBook alerts,
      IndicatorCatalogue catalogue,
      IndicatorStore store,
      DetectorRunner detectors,
      InstantSource clock) {
    this(
        new IncidentBook(database),
        alerts,
        catalogue,
        new ResidualReader(store, detectors::bands),
        clock);
  }

  IncidentWatch(
      IncidentBook book,
      AlertBook alerts,
      IndicatorCatalogue catalogue,
      ResidualReader residuals,
      InstantSource clock) {
    this.book = book;
    this.alerts = alerts;
    this.catalogue = catalogue;
    this.residuals = residuals;
    this.finder = new IncidentFinder(IncidentConfig.defaults(), new CatalogueKinship(catalogue));
    this.clock = clock;
  }

  public void start() {
    thread.repeat(PAUSE, this::look);
  }

  public IncidentBook book() {
    return book;
  }

  /** Finds the last day's incidents if there is news; answers whether there was. */
  boolean look() {
    try {
      long head = alerts.head();
      if (head == seen) {
        return false;
      }
      Instant now = clock.instant();
      Instant from = now.minus(DAY);
      List<Alert> day =
          alerts.between(from, now).stream()
              .filter(alert -> !alert.startsAt().isBefore(from))
              .filter(alert -> alert.state() != AlertState.PENDING)
              .filter(alert -> alert.suppression() == null)
              .toList();
      Map<SeriesKey, Residuals> courses = courses(day, now);
      List<Alarm> alarms =
          day.stream()
              .map(
                  alert ->
                      new Alarm(
                          alert.id(),
                          alert.latest().key(),
                          alert.grade(),
                          alert.startsAt(),
                          alert.endsAt(),
                          period(alert.latest().key())))
              .toList();
      book.replace(
          from, finder.find(alarms, courses, from, now).stream().map(IncidentCard::of).toList());
      seen = head;
      return true;
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("incidents were not found anew; trying again");
      return false;
    }
  }

  private Duration period(SeriesKey key) {
    return catalogue
        .find(key.code())
        .map(definition -> definition.grain().typical())
        .orElse(Duration.ZERO);
  }

  /** The residuals of the series with the severest alerts. */
  private Map<SeriesKey, Residuals> courses(List<Alert> day, Instant now) {
    // on whole steps, where periods begin, so that an onset is the beginning of a period
    long step = ResidualReader.STEP.toSeconds();
    Instant to = Instant.ofEpochSecond((Math.floorDiv(now.getEpochSecond(), step) + 1) * step);
    Map<SeriesKey, Residuals> courses = new HashMap<>();
    day.stream()
        .sorted(Comparator.comparing(Alert::grade).reversed())
        .map(alert -> alert.latest().key())
        .distinct()
        .limit(MOST_SERIES)
        .forEach(
            key -> {
              Residuals course = residuals.read(key, to.minus(PAST), to);
              if (course != null) {
                courses.put(key, course);
              }
            });
    return courses;
  }

  @Override
  public void close() {
    thread.close();
  }
}
