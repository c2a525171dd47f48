package org.chengmai.engine.history;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.chengmai.engine.history.Job.Kind;
import org.chengmai.engine.history.Job.State;
import org.jspecify.annotations.Nullable;

/** Remembers jobs and their finished slices over restarts. Safe for use by several threads. */
interface JobBook {

  /** Writes down a job that waits for its turn; answers its id. */
  long add(
      Kind kind,
      List<String> codes,
      Instant from,
      Instant to,
      @Nullable String definition,
      String by,
      Instant now);

  Optional<Job> find(long id);

  /** The newest jobs first. */
  List<Job> newest(int limit);

  /** The oldest job that runs or waits. */
  Optional<Job> next();

  /** A job that is not over runs, with so many slices in all. */
  void begin(long id, int total);

  /** Names of the finished slices. */
  Set<String> finished(long id);

  /** A slice has ended well. */
  void finish(long id, String slice, long points);

  /** Forgets what was finished: the job begins anew. */
  void restart(long id);

  /** Ends a job; one that is over stays as it is, and false is answered. */
  boolean end(long id, State state, @Nullable String failure, @Nullable String report, Instant now);

  /** By code, the versions of definitions that have been in force. */
  Map<String, Set<Integer>> versions();

  /** A version has come into force. */
  void takeUp(String code, int version, Instant now);
}
