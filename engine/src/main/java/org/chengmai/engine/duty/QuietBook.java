package org.chengmai.engine.duty;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.chengmai.engine.alerts.Ulids;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.Suppression;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The times of works and of exercises, in PostgreSQL; those that may still matter in memory, too.
 * Safe for several threads; one engine writes it.
 */
public final class QuietBook {
  /** Whatever lasts longer is no time to be quiet in: the definition should say so. */
  static final Duration LONGEST = Duration.ofDays(31);

  static final int TEXT_LENGTH = 2000;
  private static final int LISTED = 500;

  /** No period under watch is longer. */
  private static final Duration REMEMBERED = Duration.ofDays(366);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Ulids ulids;
  private final Predicate<String> isCode;
  private final Predicate<String> isRegion;
  private volatile List<QuietWindow> recent;

  /**
   * @param isCode whether there is an indicator of a code
   * @param isRegion whether there is a region of a code
   */
  public QuietBook(
      DataSource database,
      InstantSource clock,
      Ulids ulids,
      Predicate<String> isCode,
      Predicate<String> isRegion) {
    this.jdbi = Jdbi.create(database);
    this.clock = clock;
    this.ulids = ulids;
    this.isCode = isCode;
    this.isRegion = isRegion;
    this.recent = load();
  }

  /**
   * What someone wants to write down.
   *
   * @param from now if null
   */
  public record Draft(
      Suppression.Kind kind,
      @Nullable Instant from,
      Instant to,
      List<String> codes,
      List<String> regions,
      String reason) {}

  /**
   * The newest 500 windows, the latest beginning first.
   *
   * @param withPast whether those that are over are among them
   */
  public List<QuietWindow> list(boolean withPast) {
    return query(
        "WHERE :past OR (to_at > :now AND ended_at IS NULL) ORDER BY from_at DESC, id DESC LIMIT :limit",
        Map.of("past", withPast, "now", clock.instant(), "limit", LISTED));
  }

  /**
   * Writes a window down.
   *
   * @throws ChengmaiException INVALID_INPUT for one without a reason, that is over, too long, or
   *     about what there is not; TOO_LARGE for a reason that is too long
   */
  public QuietWindow create(Principal principal, Draft draft) {
    principal.require(Role.OPERATOR, "writing down works or an exercise");
    Instant now = now();
    Instant from = draft.from() == null ? now : draft.from().truncatedTo(ChronoUnit.MICROS);
    Instant to = draft.to().truncatedTo(ChronoUnit.MICROS);
    String reason = text("reason", draft.reason());
    if (reason.isEmpty()) {
      throw invalid("a window needs a reason");
    }
    if (!from.isBefore(to) || !now.isBefore(to)) {
      throw invalid("a window ends after it begins and after now: %s to %s".formatted(from, to));
    }
    if (Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw invalid("a window lasts at most %d days".formatted(LONGEST.toDays()));
    }
    known("indicator", draft.codes(), isCode);
    known("region", draft.regions(), isRegion);
    QuietWindow window =
        new QuietWindow(
            ulids.next(),
            draft.kind(),
            from,
            to,
            draft.codes(),
            draft.regions(),
            reason,
            principal.name(),
            now,
            null,
            null,
            null);
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO chengmai.quiet_window (id, kind, from_at, to_at, codes, regions, reason, created_by, created_at)"
                        + " VALUES (:id, :kind, :from, :to, :codes, :regions, :reason, :by, :at)")
                .bind("id", window.id())
                .bind("kind", window.kind().name())
                .bind("from", from)
                .bind("to", to)
                .bindArray("codes", String.class, window.codes().toArray())
                .bindArray("regions", String.class, window.regions().toArray())
                .bind("reason", reason)
                .bind("by", window.createdBy())
                .bind("at", now)
                .execute());
    recent = load();
    return window;
  }

  /**
   * Ends a window before its time. What it has suppressed stays so until a later period is seen.
   *
   * @throws ChengmaiException NOT_FOUND when there is none of that id, CONFLICT when it is over
   */
  public QuietWindow end(Principal principal, String id, @Nullable String note) {
    principal.require(Role.OPERATOR, "ending works or an exercise");
    String said = note == null ? "" : text("note", note);
    Instant now = now();
    int ended =
        jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        "UPDATE chengmai.quiet_window SET ended_by = :by, ended_at = :now, end_note = nullif(:note, '')"
                            + " WHERE id = :id AND ended_at IS NULL AND to_at > :now")
                    .bind("by", principal.name())
                    .bind("now", now)
                    .bind("note", said)
                    .bind("id", id)
                    .execute());
    recent = load();
    QuietWindow window =
        query("WHERE id = :id", Map.of("id", id)).stream()
            .findFirst()
            .orElseThrow(
                () ->
                    new ChengmaiException(
                        ErrorCode.NOT_FOUND, "there is no window '%s'".formatted(id)));
    if (ended == 0) {
      throw new ChengmaiException(
          ErrorCode.CONFLICT, "window %s is over since %s".formatted(id, window.end()));
    }
    return window;
  }

  /** The window of one of some kinds that is about a period and lasts longest. Asks memory only. */
  Optional<QuietWindow> covering(
      Set<Suppression.Kind> kinds,
      String code,
      Collection<String> places,
      Instant start,
      Instant after) {
    QuietWindow longest = null;
    for (QuietWindow window : recent) {
      if (kinds.contains(window.kind())
          && window.covers(code, places, start, after)
          && (longest == null || window.end().isAfter(longest.end()))) {
        longest = window;
      }
    }
    return Optional.ofNullable(longest);
  }

  /** As PostgreSQL keeps it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private List<QuietWindow> load() {
    return query("WHERE to_at > :since", Map.of("since", clock.instant().minus(REMEMBERED)));
  }

  private List<QuietWindow> query(String rest, Map<String, ?> parameters) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM chengmai.quiet_window " + rest)
                .bindMap(parameters)
                .map((row, context) -> read(row))
                .list());
  }

  private static QuietWindow read(ResultSet row) throws SQLException {
    Timestamp endedAt = row.getTimestamp("ended_at");
    return new QuietWindow(
        row.getString("id"),
        Suppression.Kind.valueOf(row.getString("kind")),
        row.getTimestamp("from_at").toInstant(),
        row.getTimestamp("to_at").toInstant(),
        List.of((String[]) row.getArray("codes").getArray()),
        List.of((String[]) row.getArray("regions").getArray()),
        row.getString("reason"),
        row.getString("created_by"),
        row.getTimestamp("created_at").toInstant(),
        row.getString("ended_by"),
        endedAt == null ? null : endedAt.toInstant(),
        row.getString("end_note"));
  }

  private static String text(String what, String given) {
    String text = given.strip();
    if (text.length() > TEXT_LENGTH) {
      throw new ChengmaiException(
          ErrorCode.TOO_LARGE,
          "a %s has at most %d characters, this one has %d"
              .formatted(what, TEXT_LENGTH, text.length()));
    }
    if (text.indexOf('\0') >= 0) {
      throw invalid("a %s holds no NUL".formatted(what));
    }
    return text;
  }

  private static void known(String what, List<String> codes, Predicate<String> isKnown) {
    for (String code : codes) {
      if (!isKnown.test(code)) {
        throw invalid("there is no %s '%s'".formatted(what, code));
      }
    }
  }

  private static ChengmaiException invalid(String message) {
    return new ChengmaiException(ErrorCode.INVALID_INPUT, message);
  }
}
