package org.chengmai.engine.history;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.chengmai.engine.history.Job.Kind;
import org.chengmai.engine.pipeline.CatalogueGroups;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.SqlChecker;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorDefinition.Type;
import org.jspecify.annotations.Nullable;

/**
 * Says over which range of the past a job that was asked for goes, and refuses one that cannot be.
 * Safe for use by several threads.
 */
final class Requests {
  private static final Duration LONGEST = Duration.ofDays(20 * 366);

  private final CatalogueGroups groups;
  private final @Nullable SqlChecker checker;

  Requests(CatalogueGroups groups, @Nullable SqlChecker checker) {
    this.groups = groups;
    this.checker = checker;
  }

  /** {@code from <= t < to}. */
  record Range(Instant from, Instant to) {}

  /** INVALID_INPUT, CONFLICT or NOT_FOUND tell the caller's errors. */
  Range range(Jobs.Request request, Instant now) {
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
    return new Range(from, to);
  }

  /** The definition of a trial; INVALID_DEFINITION says what is wrong with it. */
  IndicatorDefinition draft(String yaml) {
    return catalogue().draft("definition", yaml, checker);
  }

  private IndicatorCatalogue catalogue() {
    return groups.catalogue();
  }

  private Instant backfillFrom(Jobs.Request request) {
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

  private Instant restateFrom(Jobs.Request request) {
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

  private Instant dryRunFrom(Jobs.Request request) {
    if (request.definition() == null || !request.codes().isEmpty()) {
      throw invalid("a trial needs a definition (YAML) and no codes");
    }
    refuseSnapshot(draft(request.definition()));
    return from(request);
  }

  private Instant backtestFrom(Jobs.Request request) {
    if (request.codes().size() != 1) {
      throw invalid("a backtest is of one indicator: name its code, or code/region");
    }
    catalogue().get(Backtests.codeOf(request.codes().get(0)));
    return from(request);
  }

  private static Instant from(Jobs.Request request) {
    if (request.from() == null) {
      throw invalid("from is missing: where the history begins");
    }
    return request.from();
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
}
