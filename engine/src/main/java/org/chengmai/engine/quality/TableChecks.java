package org.chengmai.engine.quality;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.QueryRunner;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.quality.TableCheck;
import org.chengmai.indicators.quality.TableFinding;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges each table that has rules after its update cycle: at five past each hour, tables that are
 * updated by the day or less often at twenty past midnight. The first look is at all the past that
 * the contract promises; later ones at the newest days and those of open issues. A table whose
 * source fails is tried again five minutes later and holds up no other. Safe for several threads.
 */
public final class TableChecks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableChecks.class);
  private static final Duration MOST_WAIT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMinutes(5);

  private final List<Watched> tables = new ArrayList<>();
  private final AtomicBoolean isRunning = new AtomicBoolean();
  private final QueryRunner sql;
  private final Principal principal;
  private final RunBook runs;
  private final IssueBook issues;
  private final ZoneId zone;
  private final Executor executor;
  private final InstantSource clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "table-checks");
            thread.setDaemon(true);
            return thread;
          });

  /** One table with its place in time. */
  private static final class Watched {
    private final TableCheck check;
    private volatile @Nullable Instant looked;
    private volatile Instant due;
    private volatile @Nullable String failure;

    private Watched(TableCheck check, @Nullable Instant looked, Instant due) {
      this.check = check;
      this.looked = looked;
      this.due = due;
    }
  }

  /**
   * @param principal as whom the SQL runs
   * @param zone whose days rows are counted by
   * @param executor runs the looks
   */
  public TableChecks(
      DataCatalogue sources,
      QueryRunner sql,
      Principal principal,
      RunBook runs,
      IssueBook issues,
      ZoneId zone,
      Executor executor,
      InstantSource clock) {
    this.sql = sql;
    this.principal = principal;
    this.runs = runs;
    this.issues = issues;
    this.zone = zone;
    this.executor = executor;
    this.clock = clock;
    issues.withdrawAllBut(
        sources.entries().stream()
            .flatMap(
                entry ->
                    entry.table().rules().stream().map(rule -> entry.sqlName() + "/" + rule.id()))
            .collect(Collectors.toSet()));
    Map<String, Instant> looks = runs.looks();
    for (DataCatalogue.Entry entry : sources.entries()) {
      if (!entry.table().rules().isEmpty()) {
        Instant looked = looks.get(entry.sqlName());
        tables.add(
            new Watched(
                new TableCheck(entry, zone),
                looked,
                looked == null ? Instant.MIN : due(entry, looked)));
      }
    }
  }

  /**
   * Looks at what is due now, waits for it two minutes at most, and goes on by the clock until
   * closed.
   */
  public void start() {
    lookAtDue().completeOnTimeout(null, MOST_WAIT.toSeconds(), TimeUnit.SECONDS).join();
    timer.scheduleWithFixedDelay(this::lookAtDue, 1, 1, TimeUnit.SECONDS);
  }

  /** Looks at a table as soon as may be. */
  public void soon(String table) {
    tables.stream()
        .filter(one -> one.check.entry().sqlName().equals(table))
        .forEach(one -> one.due = Instant.MIN);
  }

  /** Why tables could not be looked at, by their names; for people. */
  public List<String> problems() {
    return tables.stream()
        .filter(one -> one.failure != null)
        .map(one -> one.check.entry().sqlName() + ": " + one.failure)
        .toList();
  }

  /** One table after the other, so that the executor has room for others. */
  CompletableFuture<Void> lookAtDue() {
    Instant now = clock.instant();
    List<Watched> due = tables.stream().filter(table -> !now.isBefore(table.due)).toList();
    if (due.isEmpty() || !isRunning.compareAndSet(false, true)) {
      return CompletableFuture.completedFuture(null);
    }
    try {
      return CompletableFuture.runAsync(() -> due.forEach(this::look), executor)
          .whenComplete((done, failure) -> isRunning.set(false));
    } catch (RejectedExecutionException e) {
      isRunning.set(false);
      return CompletableFuture.completedFuture(null);
    }
  }

  private void look(Watched table) {
    DataCatalogue.Entry entry = table.check.entry();
    Instant now = clock.instant();
    try {
      LocalDate today = now.atZone(zone).toLocalDate();
      LocalDate from = from(table, today);
      List<TableFinding> findings =
          table.check.run(text -> sql.query(principal, text), from, today);
      runs.keep(entry, from, findings, now);
      issues.settle(entry, findings);
      table.looked = now;
      table.due = due(entry, now);
      table.failure = null;
    } catch (RuntimeException e) {
      table.due = now.plus(PAUSE);
      table.failure = String.valueOf(e.getMessage());
      LOG.atWarn()
          .setCause(e instanceof ChengmaiException ? null : e)
          .addKeyValue("table", entry.sqlName())
          .log("the table was not judged: {}", e.getMessage());
    }
  }

  private LocalDate from(Watched table, LocalDate today) {
    DataCatalogue.Entry entry = table.check.entry();
    Instant looked = table.looked;
    if (entry.table().time() == null) {
      return today;
    }
    if (looked == null) {
      return today.minusDays(entry.table().past().toDays());
    }
    // rows come late, and those of a month at its end
    LocalDate recent = today.minusDays(1 + 2 * entry.table().cycle().toDays());
    LocalDate unseen = earlier(recent, looked.atZone(zone).toLocalDate().minusDays(1));
    return issues.firstOpenDay(entry).map(day -> earlier(unseen, day)).orElse(unseen);
  }

  private static LocalDate earlier(LocalDate one, LocalDate other) {
    return one.isBefore(other) ? one : other;
  }

  private Instant due(DataCatalogue.Entry entry, Instant looked) {
    return entry.table().cycle().compareTo(Duration.ofDays(1)) < 0
        ? looked.truncatedTo(ChronoUnit.HOURS).plus(Duration.ofMinutes(65))
        : looked.atZone(zone).toLocalDate().plusDays(1).atTime(0, 20).atZone(zone).toInstant();
  }

  /** Waits for no look that is under way: those are left to the executor's owner. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
