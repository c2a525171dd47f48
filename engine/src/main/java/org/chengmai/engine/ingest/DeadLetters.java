package org.chengmai.engine.ingest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.ObservationParser;
import org.chengmai.connectors.feed.Receipt;
import org.chengmai.connectors.kafka.CommittedRecords;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;

/**
 * The rows that were not stored, newest first, and their second chance. Blocking; safe for several
 * threads.
 */
public final class DeadLetters {
  private static final String FEED = "dead_letters";

  /** Every replay counts as this sender's, so that two administrators do not store a row twice. */
  private static final Principal REPLAYER = new Principal("dead_letters", Role.ADMIN);

  private final CommittedRecords records;
  private final ObservationGateway gateway;
  private final ObservationParser parser;

  public DeadLetters(
      CommittedRecords records, ObservationGateway gateway, ObservationParser parser) {
    this.records = records;
    this.gateway = gateway;
    this.parser = parser;
  }

  /**
   * What a replay did.
   *
   * @param stored ids that are observations now or were made so before
   * @param failed ids that are still bad, with the reason of today
   */
  public record Replay(List<Long> stored, List<Failure> failed) {
    /** One that is still bad. */
    public record Failure(long id, String reason) {}

    public Replay {
      stored = List.copyOf(stored);
      failed = List.copyOf(failed);
    }
  }

  /** Up to {@code limit} dead letters with ids below {@code before}, newest first. */
  public List<DeadLetter> list(long before, int limit) {
    long begin = records.begin();
    long to = Math.min(before, records.end());
    int wanted = Math.max(1, Math.min(limit, 1000));
    Deque<DeadLetter> newestFirst = new ArrayDeque<>();
    // Some offsets hold no letter (control records), so a page may take several windows; each reads
    // back twice as far.
    for (long window = wanted * 2L; to > begin && newestFirst.size() < wanted; window *= 2) {
      long from = Math.max(begin, to - window);
      List<DeadLetter> part = new ArrayList<>();
      records.read(
          from,
          to,
          (offset, key, value) -> part.add(DeadLetter.read(offset, value, isReplayed(offset))));
      for (int at = part.size() - 1; at >= 0; at--) {
        newestFirst.addLast(part.get(at));
      }
      to = from;
    }
    return newestFirst.stream().limit(wanted).toList();
  }

  /** How many are kept. */
  public long count() {
    long begin = records.begin();
    long end = records.end();
    long[] span = {0, -1};
    // Numbered without gaps, so the first and the last tell; both stand near the ends.
    for (long window = 16; span[0] == 0 && begin < end; window *= 8) {
      records.read(
          begin,
          Math.min(end, begin + window),
          (offset, key, value) -> span[0] = span[0] == 0 ? sequence(key) : span[0]);
      if (begin + window >= end) {
        break;
      }
    }
    for (long window = 16; span[1] < 0 && span[0] > 0; window *= 8) {
      records.read(
          Math.max(begin, end - window), end, (offset, key, value) -> span[1] = sequence(key));
    }
    return span[0] == 0 ? 0 : span[1] - span[0] + 1;
  }

  /**
   * Reads the letters again with the registry of today and stores what is an observation now; doing
   * it twice stores once. Refused with FORBIDDEN below administrator. Letters whose original was
   * cut off stay bad.
   */
  public Replay replay(Principal principal, Collection<Long> ids) {
    principal.require(Role.ADMIN, "replaying dead letters");
    List<Long> stored = new ArrayList<>();
    List<Replay.Failure> failed = new ArrayList<>();
    for (long id : ids) {
      String problem = replay(id);
      if (problem.isEmpty()) {
        stored.add(id);
      } else {
        failed.add(new Replay.Failure(id, problem));
      }
    }
    return new Replay(stored, failed);
  }

  private String replay(long id) {
    List<DeadLetter> found = new ArrayList<>();
    if (id >= records.begin() && id < records.end()) {
      records.read(
          id, id + 1, (offset, key, value) -> found.add(DeadLetter.read(offset, value, false)));
    }
    if (found.isEmpty()) {
      return "there is no dead letter %d".formatted(id);
    }
    DeadLetter letter = found.get(0);
    if (letter.feed().equals(Corrections.FEED)) {
      return "it was a correction; send it again as one";
    }
    if (letter.raw().length < letter.length()) {
      return "only %d of its %d bytes were kept".formatted(letter.raw().length, letter.length());
    }
    Batch again = parser.parse(FEED, letter.reading(), letter.raw());
    if (!again.bad().isEmpty() || again.isEmpty()) {
      return again.isEmpty() ? "it holds no row" : again.bad().get(0).reason();
    }
    try {
      Receipt receipt = gateway.submit(REPLAYER, key(id), again).toCompletableFuture().join();
      return receipt.rejected() == 0 ? "" : String.valueOf(receipt.errors());
    } catch (CompletionException e) {
      if (e.getCause() instanceof ChengmaiException known && known.code() != ErrorCode.INTERNAL) {
        return String.valueOf(known.getMessage());
      }
      throw e;
    }
  }

  private boolean isReplayed(long id) {
    return gateway.isStored(REPLAYER, key(id));
  }

  private static String key(long id) {
    return "dead_letter/" + id;
  }

  static long sequence(byte[] key) {
    return Long.parseLong(new String(key, StandardCharsets.US_ASCII));
  }
}
