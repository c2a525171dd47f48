package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/** Revisions in memory, by the same rules as the book in PostgreSQL. */
final class MemoryRevisions implements Revisions {
  private record Row(SeriesKey key, int revision, String hash, long batch, Instant keepUntil) {}

  private final Map<String, Row> rows = new HashMap<>();
  private final Set<Long> unconfirmed = new HashSet<>();
  private long batches;
  private @Nullable Instant prunedTo;

  @Override
  public Batch number(List<Entry> entries) {
    long batch = ++batches;
    int[] revisions = new int[entries.size()];
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      String id = entry.periodStart() + " " + entry.key();
      Row known = rows.get(id);
      boolean isSame = known != null && known.hash().equals(entry.inputHash());
      if (isSame && !unconfirmed.contains(known.batch())) {
        continue;
      }
      revisions[i] = known == null ? 1 : known.revision() + (isSame ? 0 : 1);
      rows.put(id, new Row(entry.key(), revisions[i], entry.inputHash(), batch, entry.keepUntil()));
    }
    unconfirmed.add(batch);
    return new Batch(batch, revisions);
  }

  @Override
  public void confirm(Batch batch) {
    unconfirmed.remove(batch.id());
  }

  @Override
  public void remember(List<Entry> entries, int[] revisions) {
    for (int i = 0; i < revisions.length; i++) {
      Entry entry = entries.get(i);
      rows.putIfAbsent(
          entry.periodStart() + " " + entry.key(),
          new Row(entry.key(), revisions[i], entry.inputHash(), 0, entry.keepUntil()));
    }
  }

  @Override
  public Map<SeriesKey, Instant> firstValues(Set<String> codes, String hashOfMissing) {
    Map<SeriesKey, Instant> first = new HashMap<>();
    rows.forEach(
        (id, row) -> {
          if (codes.contains(row.key().code()) && !row.hash().equals(hashOfMissing)) {
            first.merge(row.key(), period(id), (one, other) -> one.isBefore(other) ? one : other);
          }
        });
    return first;
  }

  private static Instant period(String id) {
    return Instant.parse(id.substring(0, id.indexOf(' ')));
  }

  @Override
  public int prune(Instant now) {
    int before = rows.size();
    rows.entrySet()
        .removeIf(
            row -> {
              boolean isOver = row.getValue().keepUntil().isBefore(now);
              Instant period = period(row.getKey());
              if (isOver && (prunedTo == null || period.isAfter(prunedTo))) {
                prunedTo = period;
              }
              return isOver;
            });
    return before - rows.size();
  }

  @Override
  public Optional<Instant> prunedTo() {
    return Optional.ofNullable(prunedTo);
  }
}
