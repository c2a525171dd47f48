package org.chengmai.engine.history;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.chengmai.engine.history.Job.Kind;
import org.chengmai.engine.history.Job.State;
import org.jspecify.annotations.Nullable;

/** Jobs in memory, by the same rules as the book in PostgreSQL. */
final class MemoryJobs implements JobBook {
  private final TreeMap<Long, Job> jobs = new TreeMap<>();
  private final Map<Long, Map<String, Long>> slices = new TreeMap<>();
  private final Map<String, Set<Integer>> versions = new TreeMap<>();

  @Override
  public long add(
      Kind kind,
      List<String> codes,
      Instant from,
      Instant to,
      @Nullable String definition,
      String by,
      Instant now) {
    long id = jobs.size() + 1;
    slices.put(id, new LinkedHashMap<>());
    jobs.put(
        id,
        new Job(
            id,
            kind,
            codes,
            from,
            to,
            definition,
            by,
            State.WAITING,
            0,
            0,
            0,
            null,
            null,
            now,
            null));
    return id;
  }

  @Override
  public Optional<Job> find(long id) {
    return Optional.ofNullable(jobs.get(id));
  }

  @Override
  public List<Job> newest(int limit) {
    return jobs.descendingMap().values().stream().limit(limit).toList();
  }

  @Override
  public Optional<Job> next() {
    return jobs.values().stream().filter(job -> !job.isOver()).findFirst();
  }

  @Override
  public void begin(long id, int total) {
    find(id)
        .filter(job -> !job.isOver())
        .ifPresent(job -> put(job, State.RUNNING, total, null, null, null));
  }

  @Override
  public Set<String> finished(long id) {
    return Set.copyOf(slices.getOrDefault(id, Map.of()).keySet());
  }

  @Override
  public void finish(long id, String slice, long points) {
    slices.computeIfAbsent(id, key -> new LinkedHashMap<>()).putIfAbsent(slice, points);
    recount(id);
  }

  @Override
  public void restart(long id) {
    slices.remove(id);
    recount(id);
  }

  private void recount(long id) {
    Job job = find(id).orElseThrow();
    put(job, job.state(), job.total(), job.failure(), job.report(), job.endedAt());
  }

  @Override
  public boolean end(
      long id, State state, @Nullable String failure, @Nullable String report, Instant now) {
    Optional<Job> open = find(id).filter(job -> !job.isOver());
    open.ifPresent(job -> put(job, state, job.total(), failure, report, now));
    return open.isPresent();
  }

  @Override
  public Map<String, Set<Integer>> versions() {
    return versions;
  }

  @Override
  public void takeUp(String code, int version, Instant now) {
    versions.computeIfAbsent(code, key -> new TreeSet<>()).add(version);
  }

  private void put(
      Job job,
      State state,
      int total,
      @Nullable String failure,
      @Nullable String report,
      @Nullable Instant endedAt) {
    Map<String, Long> finished = slices.getOrDefault(job.id(), Map.of());
    jobs.put(
        job.id(),
        new Job(
            job.id(),
            job.kind(),
            job.codes(),
            job.from(),
            job.to(),
            job.definition(),
            job.by(),
            state,
            finished.size(),
            total,
            finished.values().stream().mapToLong(Long::longValue).sum(),
            failure,
            report,
            job.createdAt(),
            endedAt));
  }
}
