package org.chengmai.engine;

import io.vertx.core.WorkerExecutor;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.chengmai.engine.quality.IssueBook;
import org.chengmai.engine.quality.RunBook;
import org.chengmai.engine.quality.TableChecks;
import org.chengmai.engine.server.QualityRoutes;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.catalog.DataCatalogue;

/** The rules of the sources' tables: what they find, the issues of it, and their routes. */
final class TableQuality implements AutoCloseable {
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  private final RunBook runs;
  private final IssueBook issues;
  private final TableChecks checks;
  private final InstantSource clock;

  /**
   * @param city its division code
   */
  TableQuality(
      DataSource database,
      String city,
      ChineseCalendar calendar,
      DataCatalogue sources,
      SqlEngine sql,
      Executor computing,
      InstantSource clock) {
    this.runs = new RunBook(database, city);
    this.issues = new IssueBook(database, city, calendar, ZONE, clock);
    this.checks =
        new TableChecks(sources, sql, SqlEngine.INTERNAL, runs, issues, ZONE, computing, clock);
    this.clock = clock;
  }

  /** Judges the tables, and goes on doing so. Blocks for the first look. */
  void start() {
    checks.start();
  }

  /** What could not be judged, in words. */
  List<String> problems() {
    return checks.problems();
  }

  QualityRoutes routes(WorkerExecutor workers) {
    return new QualityRoutes(runs, issues, checks::soon, ZONE, clock, workers);
  }

  @Override
  public void close() {
    checks.close();
  }
}
