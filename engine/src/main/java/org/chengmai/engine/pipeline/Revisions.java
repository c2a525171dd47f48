package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.chengmai.indicators.SeriesKey;

/** Numbers the revisions of points: other inputs give the next number, the same inputs the same. */
interface Revisions {

  /**
   * What is to be numbered.
   *
   * @param keepUntil until when the number is remembered here
   */
  record Entry(SeriesKey key, Instant periodStart, String inputHash, Instant keepUntil) {}

  /**
   * Numbers of the entries that have to be published.
   *
   * @param revisions by index into the numbered entries, 0 for what is unchanged and to be left out
   */
  record Batch(long id, int[] revisions) {}

  /** Numbers entries, each series and period at most once, whatever their number. */
  Batch number(List<Entry> entries);

  /** Kafka has acknowledged the batch's points. */
  void confirm(Batch batch);

  /**
   * Takes over numbers that the indicator store still knows and this book forgot; what the book
   * knows stays.
   */
  void remember(List<Entry> entries, int[] revisions);

  /**
   * The series of the given codes with the first period of a value, as far back as the book
   * remembers.
   */
  Map<SeriesKey, Instant> firstValues(Set<String> codes, String hashOfMissing);

  /** Forgets numbers whose time is over; answers how many. */
  int prune(Instant now);

  /** The newest period of which anything was ever forgotten. */
  Optional<Instant> prunedTo();
}
