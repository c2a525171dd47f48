package org.chengmai.engine.duty;

import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.Anomalies;
import org.chengmai.engine.alerts.Assessor;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.engine.alerts.Ulids;
import org.chengmai.engine.pipeline.Definitions;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.definition.IndicatorCatalogue;

/** A real database with the books of one engine, whose clock is set by hand. */
final class Desk implements AutoCloseable {
  static final Principal OPERATOR = new Principal("li", Role.OPERATOR);

  final AtomicReference<Instant> now = new AtomicReference<>(Anomalies.START);
  final TestDatabase database = new TestDatabase();

  /** One for all books, so that no id comes twice. */
  private final Random random = new Random(1);

  /** Minutes are counted from the start of all anomalies to test with. */
  static Instant minute(int minute) {
    return Anomalies.START.plusSeconds(60L * minute);
  }

  /** The indicators {@code CVS-ENV-0001}, {@code -0002} … of minutes, with more lines of YAML. */
  static IndicatorCatalogue catalogue(String... more) {
    String[] definitions = new String[more.length];
    Arrays.setAll(
        definitions,
        i -> Definitions.simple("CVS-ENV-%04d".formatted(i + 1), "PT1M", "neutral", more[i]));
    return Definitions.catalogue(definitions);
  }

  QuietBook quiet(IndicatorCatalogue catalogue) {
    return new QuietBook(
        database.dataSource(),
        now::get,
        new Ulids(now::get, random),
        code -> catalogue.find(code).isPresent(),
        region -> catalogue.regions().find(region).isPresent());
  }

  AlertBook alerts(CatalogueRules rules, Assessor assessor) {
    return AlertBook.open(database.dataSource(), now::get, random, assessor, rules);
  }

  @Override
  public void close() {
    database.close();
  }
}
