package org.chengmai.engine.history;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a restatement when a version with {@code restate: true} comes into force after an earlier
 * one: once for each version, which the engine's database remembers. For one thread at a time.
 */
public final class Restatements {
  private static final Logger LOG = LoggerFactory.getLogger(Restatements.class);
  private static final Principal ENGINE = new Principal("engine", Role.ADMIN);

  private final JobBook book;
  private final IndicatorCatalogue catalogue;
  private final Jobs jobs;
  private final InstantSource clock;

  public Restatements(
      DataSource database, IndicatorCatalogue catalogue, Jobs jobs, InstantSource clock) {
    this(new PostgresJobs(database), catalogue, jobs, clock);
  }

  Restatements(JobBook book, IndicatorCatalogue catalogue, Jobs jobs, InstantSource clock) {
    this.book = book;
    this.catalogue = catalogue;
    this.jobs = jobs;
    this.clock = clock;
  }

  /**
   * Takes up the versions that are in force now. What cannot be restated, for now or at all, is
   * logged and asked again the next time.
   */
  public void takeUp() {
    Instant now = clock.instant();
    Map<String, Set<Integer>> known = book.versions();
    for (IndicatorDefinition definition : catalogue.active(today(now))) {
      Set<Integer> versions = known.getOrDefault(definition.code(), Set.of());
      if (!versions.contains(definition.version())) {
        takeUp(definition, versions.stream().anyMatch(v -> v < definition.version()), now);
      }
    }
  }

  private void takeUp(IndicatorDefinition definition, boolean isSuccessor, Instant now) {
    try {
      if (isSuccessor && definition.metadata().effective().restate()) {
        jobs.submit(
            ENGINE,
            new Jobs.Request(Job.Kind.RESTATE, List.of(definition.code()), null, null, null));
      }
      book.takeUp(definition.code(), definition.version(), now);
    } catch (ChengmaiException e) {
      LOG.atWarn()
          .addKeyValue("code", definition.code())
          .addKeyValue("version", definition.version())
          .log("its history is not restated: {}", e.getMessage());
    }
  }

  private static LocalDate today(Instant now) {
    return now.atZone(ZoneId.of("Asia/Shanghai")).toLocalDate();
  }
}
