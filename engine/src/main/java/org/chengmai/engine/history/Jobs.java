package org.chengmai.engine.history;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.chengmai.engine.history.Job.Kind;
import org.chengmai.engine.history.Job.State;
import org.chengmai.engine.pipeline.Backtest;
import org.chengmai.engine.pipeline.CatalogueGroups;
import org.chengmai.engine.pipeline.ComputationGroup;
import org.chengmai.engine.pipeline.DryRun;
import org.chengmai.engine.pipeline.IndicatorScheduler;
import org.chengmai.engine.pipeline.PastValues;
import org.chengmai.engine.pipeline.QuietThread;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SqlChecker;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorDefinition.Effective;
import org.chengmai.indicators.definition.IndicatorDefinition.Type;
import org.chengmai.indicators.definition.IndicatorIndex;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.DayClass;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs over the past: takes them, runs one after the other on a thread of its own, slice by
 * slice, and goes on after a restart with the slices that are not finished. A slice that fails
 * stops no other and is tried once more at the end. Safe for use by several threads.
 */
public final class Jobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
  private static final int MOST_PERIODS = 10_000;
  private static final int MOST_OPEN = 20;
  private static final int ROUNDS = 2;
  private static final Duration LONGEST = Duration.ofDays(20 * 366);
  private static final Duration BACKTEST_SLICE = Duration.ofDays(3);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final JobBook book;
  private final CatalogueGroups groups;
  private final HistoryPlan plan;
  private final PastValues past;
  private final IndicatorStore store;
  private final @Nullable SqlChecker checker;
  private final Function<LocalDate, DayClass> dayClass;
  private final Backtests backtests;
  private final InstantSource clock;
  private final QuietThread thread = new QuietThread("indicator-history");
  private volatile boolean isStarted;
  private volatile boolean isClosing;

  public Jobs(
      DataSource database,
      CatalogueGroups groups,
      IndicatorScheduler scheduler,
      IndicatorStore store,
      SqlChecker checker,
      Function<LocalDate, DayClass> dayClass,
      Backtests backtests,
      InstantSource clock) {
    this(
        new PostgresJobs(database),
        groups,
        new HistoryPlan(groups, scheduler::closedTo, MOST_PERIODS),
        scheduler.past(),
        store,
        checker,
        dayClass,
        backtests,
        clock);
  }

  Jobs(
      JobBook book,
      CatalogueGroups groups,
      HistoryPlan plan,
      PastValues past,
      IndicatorStore store,
      @Nullable SqlChecker checker,
      Function<LocalDate, DayClass> dayClass,
      Backtests backtests,
      InstantSource clock) {
    this.book = book;
    this.groups = groups;
    this.plan = plan;
    this.past = past;
    this.store = store;
    this.checker = checker;
    this.dayClass = dayClass;
    this.backtests = backtests;
    this.clock = clock;
  }

  /** Begins to run jobs, with those that an earlier life left open. */
  public void start() {
    isStarted = true;
    wake(Duration.ZERO);
  }

  /** Leaves a running job to the next life. */
  @Override
  public void close() {
    isClosing = true;
    thread.close();
  }

  /**
   * What is asked for.
   *
   * @param codes one for a restatement; of a backfill none means all; none for a trial; one for a
   *     backtest, {@code code} or {@code code/region}
   * @param from may be absent for a restatement: the day from which its version counts
   * @param to excluded; now if absent
   * @param definition YAML, of a trial only
   */
  public record Request(
      Kind kind,
      List<String> codes,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable String definition) {}

  /** Takes a job; the caller's errors are told at once. */
  public Job submit(Principal principal, Request request) {
    principal.require(
        request.kind() == Kind.DRY_RUN || request.kind() == Kind.BACKTEST
            ? Role.ANALYST
            : Role.ADMIN,
        "a job of kind " + request.kind());
    Instant now = clock.instant();
    Instant from =
        switch (request.kind()) {
          case BACKFILL -> backfillFrom(request);
          case RESTATE -> restateFrom(request);
          case DRY_RUN -> dryRunFrom(request);
          case BACKTEST -> backtestFrom(request);
        };
    Instant to = request.to() == null || request.to().isAfter(now) ? now : request.to();
    if (request.kind() == Kind.RESTATE) {
      to = restateTo(restating(request.codes()), to);
    }
    if (!from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw invalid(
          "from %s to %s: a stretch of the past of at most %d days"
              .formatted(from, to, LONGEST.toDays()));
    }
    if (book.newest(MOST_OPEN).stream().filter(job -> !job.isOver()).count() >= MOST_OPEN) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES, "%d jobs wait already; cancel one or wait".formatted(MOST_OPEN));
    }
    long id =
        book.add(
            request.kind(), request.codes(), from, to, request.definition(), principal.name(), now);
    LOG.atInfo()
        .addKeyValue("job", id)
        .addKeyValue("kind", request.kind())
        .addKeyValue("by", principal.name())
        .log("a job over the past was asked for");
    wake(Duration.ZERO);
    return get(id);
  }

  /** The newest jobs, without definitions and reports. */
  public List<Job> list(int limit) {
    return book.newest(limit).stream().map(Job::inShort).toList();
  }

  /** NOT_FOUND when there is none. */
  public Job get(long id) {
    return book.find(id)
        .orElseThrow(
            () -> new ChengmaiException(ErrorCode.NOT_FOUND, "there is no job %d".formatted(id)));
  }

  /**
   * Ends a job, one's own or as an administrator any; what it has published stays. One that is over
   * stays as it is.
   */
  public Job cancel(Principal principal, long id) {
    if (!get(id).by().equals(principal.name())) {
      principal.require(Role.ADMIN, "cancelling another's job");
    }
    book.end(id, State.CANCELLED, null, null, clock.instant());
    return get(id);
  }

  private IndicatorCatalogue catalogue() {
    return groups.catalogue();
  }

  private Instant backfillFrom(Request request) {
    for (String code : request.codes()) {
      IndicatorDefinition definition = catalogue().get(code);
      refuseSnapshot(definition);
      if (!definition.isActive()) {
        throw invalid(
            "%s is neither reviewing nor published and is not computed; try it with a dry-run"
                .formatted(code));
      }
    }
    return from(request);
  }

  private Instant restateFrom(Request request) {
    IndicatorDefinition definition = restating(request.codes());
    LocalDate since = definition.metadata().effective().from();
    Instant begin = since.atStartOfDay(definition.period().zone()).toInstant();
    return request.from() != null && request.from().isAfter(begin)
        ? request.from()
        : since.equals(LocalDate.EPOCH) ? from(request) : begin;
  }

  private static Instant restateTo(IndicatorDefinition definition, Instant to) {
    LocalDate last = definition.metadata().effective().to();
    Instant end =
        last == null ? to : last.plusDays(1).atStartOfDay(definition.period().zone()).toInstant();
    return end.isBefore(to) ? end : to;
  }

  private IndicatorDefinition restating(List<String> codes) {
    if (codes.size() != 1) {
      throw invalid("a restatement is of one indicator: name its code");
    }
    IndicatorDefinition definition = catalogue().get(codes.get(0));
    refuseSnapshot(definition);
    if (!definition.isActive() || !definition.metadata().effective().restate()) {
      throw new ChengmaiException(
          ErrorCode.CONFLICT,
          "version %d of %s does not replace earlier ones: that takes a reviewing or published version with effective: {restate: true}"
              .formatted(definition.version(), definition.code()));
    }
    return definition;
  }

  private Instant dryRunFrom(Request request) {
    if (request.definition() == null || !request.codes().isEmpty()) {
      throw invalid("a trial needs a definition (YAML) and no codes");
    }
    refuseSnapshot(draft(request.definition()));
    return from(request);
  }

  private Instant backtestFrom(Request request) {
    if (request.codes().size() != 1) {
      throw invalid("a backtest is of one indicator: name its code, or code/region");
    }
    catalogue().get(codeOf(request.codes().get(0)));
    return from(request);
  }

  /** The code of {@code code} or {@code code/region}. */
  private static String codeOf(String series) {
    int slash = series.indexOf('/');
    return slash < 0 ? series : series.substring(0, slash);
  }

  private static Instant from(Request request) {
    if (request.from() == null) {
      throw invalid("from is missing: where the history begins");
    }
    return request.from();
  }

  private IndicatorDefinition draft(String yaml) {
    return catalogue().draft("definition", yaml, checker);
  }

  private static void refuseSnapshot(IndicatorDefinition definition) {
    if (definition.definition().type() == Type.SNAPSHOT) {
      throw invalid(
          "%s is a snapshot: its source says only what is now".formatted(definition.code()));
    }
  }

  private static ChengmaiException invalid(String message) {
    return new ChengmaiException(ErrorCode.INVALID_INPUT, message);
  }

  private void wake(Duration delay) {
    if (isStarted && !isClosing) {
      thread.after(delay, this::runAll);
    }
  }

  private void runAll() {
    try {
      boolean isMore = true;
      while (isMore && !isClosing) {
        isMore = runNext();
      }
    } catch (RuntimeException e) {
      if (!isClosing) {
        LOG.atWarn().setCause(e).log("jobs over the past pause");
        wake(PAUSE);
      }
    }
  }

  /** Runs the oldest open job to its end; false when there is none. */
  boolean runNext() {
    Job job = book.next().orElse(null);
    if (job == null) {
      return false;
    }
    try {
      switch (job.kind()) {
        case DRY_RUN -> tryOut(job);
        case BACKTEST -> backtest(job);
        case BACKFILL, RESTATE -> compute(job);
      }
    } catch (RuntimeException e) {
      // with the database away this fails too, and the job goes on later
      if (!isStopped(job)) {
        end(job, String.valueOf(e.getMessage()), null);
      }
    }
    return true;
  }

  private void compute(Job job) {
    List<Slice> slices = plan.slices(codes(job), job.from(), job.to());
    book.begin(job.id(), slices.size());
    Set<String> finished = book.finished(job.id());
    List<Slice> left = slices.stream().filter(slice -> !finished.contains(slice.name())).toList();
    String failure = null;
    for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
      List<Slice> failed = new ArrayList<>();
      for (Slice slice : left) {
        long points;
        try {
          if (isStopped(job)) {
            return;
          }
          points =
              past.compute(
                  slice.group(),
                  slice.from(),
                  slice.to(),
                  restated(slice.group()),
                  () -> isStopped(job));
        } catch (RuntimeException e) {
          if (isStopped(job)) {
            return;
          }
          if (failed.isEmpty()) {
            failure = slice.name() + ": " + e.getMessage();
          }
          failed.add(slice);
          LOG.atWarn()
              .setCause(e instanceof ChengmaiException ? null : e)
              .addKeyValue("job", job.id())
              .addKeyValue("slice", slice.name())
              .log("a slice of the past was not computed: {}", e.getMessage());
          continue;
        }
        book.finish(job.id(), slice.name(), points);
      }
      left = failed;
    }
    end(
        job,
        left.isEmpty()
            ? null
            : "%d of %d slices failed, the first: %s"
                .formatted(left.size(), slices.size(), failure),
        null);
  }

  /** Those that were asked for; with what is restated go the indices that read it. */
  private Set<String> codes(Job job) {
    if (job.codes().isEmpty()) {
      return catalogue().all().stream().map(IndicatorDefinition::code).collect(Collectors.toSet());
    }
    Set<String> codes = new TreeSet<>(job.codes());
    if (job.kind() == Kind.RESTATE) {
      for (IndicatorIndex index :
          catalogue().indices(lastDay(job, catalogue().get(job.codes().get(0))))) {
        if (index.inputs().stream().anyMatch(input -> codes.contains(input.code()))) {
          codes.add(index.definition().code());
        }
      }
    }
    return codes;
  }

  private static LocalDate lastDay(Job job, IndicatorDefinition definition) {
    return job.to().minusMillis(1).atZone(definition.period().zone()).toLocalDate();
  }

  /** Those of a group's indicators whose version may replace earlier ones. */
  private Set<String> restated(ComputationGroup group) {
    return group.versions().entrySet().stream()
        .filter(
            code ->
                catalogue()
                    .find(code.getKey(), code.getValue())
                    .map(definition -> definition.metadata().effective())
                    .filter(Effective::restate)
                    .isPresent())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** A trial remembers what it has seen, so after a restart it begins anew. */
  private void tryOut(Job job) {
    book.restart(job.id());
    IndicatorDefinition definition = draft(String.valueOf(job.definition()));
    DryRun run =
        new DryRun(
            definition,
            store,
            over -> groups.of(definition, over, lastDay(job, definition)),
            dayClass);
    List<Slice> slices = plan.slices(run.group(), job.from(), job.to());
    book.begin(job.id(), slices.size());
    for (Slice slice : slices) {
      if (isStopped(job)) {
        return;
      }
      book.finish(job.id(), slice.name(), run.next(slice.from(), slice.to()));
    }
    end(job, null, Json.write(run.report()));
  }

  /** As a trial, over what is stored. */
  private void backtest(Job job) {
    book.restart(job.id());
    String series = job.codes().get(0);
    String code = codeOf(series);
    Backtest test =
        backtests.of(
            catalogue().get(code),
            series.equals(code) ? null : series.substring(code.length() + 1),
            job.from());
    List<Instant> bounds = HistoryPlan.bounds(test.learningFrom(), job.to(), BACKTEST_SLICE);
    book.begin(job.id(), bounds.size() - 1);
    for (int slice = 1; slice < bounds.size(); slice++) {
      if (isStopped(job)) {
        return;
      }
      Instant from = bounds.get(slice - 1);
      book.finish(job.id(), from.toString(), test.next(from, bounds.get(slice)));
    }
    end(job, null, Json.write(test.report(backtests.alerts(job.from(), job.to()))));
  }

  private boolean isStopped(Job job) {
    return isClosing || book.find(job.id()).map(Job::isOver).orElse(true);
  }

  private void end(Job job, @Nullable String failure, @Nullable String report) {
    State state = failure == null ? State.DONE : State.FAILED;
    if (book.end(job.id(), state, failure, report, clock.instant())) {
      LOG.atInfo()
          .addKeyValue("job", job.id())
          .addKeyValue("state", state)
          .log("a job over the past has ended");
    }
  }
}
