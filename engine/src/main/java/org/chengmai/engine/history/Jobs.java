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
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final JobBook book;
  private final CatalogueGroups groups;
  private final HistoryPlan plan;
  private final PastValues past;
  private final IndicatorStore store;
  private final Requests requests;
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
    this.requests = new Requests(groups, checker);
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
    Requests.Range range = requests.range(request, now);
    if (book.newest(MOST_OPEN).stream().filter(job -> !job.isOver()).count() >= MOST_OPEN) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES, "%d jobs wait already; cancel one or wait".formatted(MOST_OPEN));
    }
    long id =
        book.add(
            request.kind(),
            request.codes(),
            range.from(),
            range.to(),
            request.definition(),
            principal.name(),
            now);
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
        case DRY_RUN -> tryOut(job, dryRun(job));
        case BACKTEST -> tryOut(job, backtests.trial(job, catalogue()));
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
  private void tryOut(Job job, Trial trial) {
    book.restart(job.id());
    book.begin(job.id(), trial.steps().size());
    for (Trial.Step step : trial.steps()) {
      if (isStopped(job)) {
        return;
      }
      book.finish(job.id(), step.name(), step.take().getAsLong());
    }
    end(job, null, Json.write(trial.report().get()));
  }

  private Trial dryRun(Job job) {
    IndicatorDefinition definition = requests.draft(String.valueOf(job.definition()));
    DryRun run =
        new DryRun(
            definition,
            store,
            over -> groups.of(definition, over, lastDay(job, definition)),
            dayClass);
    return new Trial(
        plan.slices(run.group(), job.from(), job.to()).stream()
            .map(slice -> new Trial.Step(slice.name(), () -> run.next(slice.from(), slice.to())))
            .toList(),
        run::report);
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
