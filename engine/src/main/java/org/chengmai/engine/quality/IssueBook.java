package org.chengmai.engine.quality;

import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.chengmai.engine.quality.Issue.State;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.calendar.Workday;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.quality.TableCheck;
import org.chengmai.indicators.quality.TableFinding;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The issues and who did what about them, in PostgreSQL. A rule of a table has at most one that is
 * not closed. Safe for several threads.
 */
public final class IssueBook {
  private static final int WORKDAYS = 20;

  /** Rows of older days open no issue; those of an open one are looked at until they are mended. */
  private static final int RECENT_DAYS = 35;

  private static final String ENGINE = "engine";
  private static final String IS_OPEN = "state IN ('open', 'returned', 'fixed')";
  private static final String SELECT =
      "SELECT id, library, table_name, rule, department, state, first_day, last_day, failed, failing::text, opened_at, due_on, provisional, closed_at"
          + " FROM chengmai.quality_issue ";

  private final Jdbi jdbi;
  private final String city;
  private final ChineseCalendar calendar;
  private final ZoneId zone;
  private final InstantSource clock;

  /**
   * @param city division code of the city whose departments' issues these are
   * @param calendar by whose working days issues are due
   */
  public IssueBook(
      DataSource database,
      String city,
      ChineseCalendar calendar,
      ZoneId zone,
      InstantSource clock) {
    this.jdbi = Jdbi.create(database);
    this.city = city;
    this.calendar = calendar;
    this.zone = zone;
    this.clock = clock;
  }

  /**
   * Opens an issue for each broken rule, and closes those whose rule is kept, by what a look found;
   * the look was at the days of the open issues too.
   */
  public void settle(DataCatalogue.Entry entry, List<TableFinding> findings) {
    Instant now = clock.instant();
    LocalDate recent = now.atZone(zone).toLocalDate().minusDays(RECENT_DAYS);
    entry
        .table()
        .rules()
        .forEach(
            rule -> {
              List<TableFinding> own =
                  findings.stream().filter(one -> one.rule().equals(rule.id())).toList();
              if (!own.isEmpty()) {
                jdbi.useTransaction(handle -> settle(handle, entry, rule.id(), own, recent, now));
              }
            });
  }

  private void settle(
      Handle handle,
      DataCatalogue.Entry entry,
      String rule,
      List<TableFinding> findings,
      LocalDate recent,
      Instant now) {
    Issue open = open(handle, entry, rule).orElse(null);
    LocalDate since = open == null ? recent : open.firstDay();
    List<TableFinding> broken =
        findings.stream().filter(one -> !one.passed() && !one.day().isBefore(since)).toList();
    if (broken.isEmpty()) {
      if (open != null) {
        change(handle, open.id(), State.CLOSED, ENGINE, "closed", null, now);
      }
      return;
    }
    LocalDate first = broken.get(0).day();
    LocalDate last = broken.get(broken.size() - 1).day();
    long failed = broken.stream().mapToLong(TableFinding::failed).sum();
    String failing =
        Json.write(
            broken.stream()
                .flatMap(one -> one.failing().stream())
                .limit(TableCheck.MOST_KEYS)
                .toList());
    Workday due =
        calendar.addWorkdays(
            (open == null ? now : open.openedAt()).atZone(zone).toLocalDate(), WORKDAYS);
    if (open == null) {
      long id =
          handle
              .createQuery(
                  "INSERT INTO chengmai.quality_issue (city, library, table_name, rule, department, state, first_day, last_day, failed, failing, opened_at, due_on, provisional)"
                      + " VALUES (:city, :library, :table, :rule, :department, 'open', :first, :last, :failed, :failing::jsonb, :now, :due, :provisional) RETURNING id")
              .bind("city", city)
              .bind("library", entry.library().library())
              .bind("table", entry.table().table())
              .bind("rule", rule)
              .bind("department", entry.library().owner())
              .bind("first", Date.valueOf(first))
              .bind("last", Date.valueOf(last))
              .bind("failed", failed)
              .bind("failing", failing)
              .bind("now", now)
              .bind("due", Date.valueOf(due.date()))
              .bind("provisional", due.provisional())
              .mapTo(Long.class)
              .one();
      log(handle, id, ENGINE, "opened", null, now);
      return;
    }
    handle.execute(
        "UPDATE chengmai.quality_issue SET last_day = ?, failed = ?, failing = ?::jsonb, due_on = ?, provisional = ? WHERE id = ?",
        Date.valueOf(last),
        failed,
        failing,
        Date.valueOf(due.date()),
        due.provisional(),
        open.id());
    if (open.state() == State.FIXED) {
      change(handle, open.id(), State.RETURNED, ENGINE, "failed_again", null, now);
    }
  }

  private static Optional<Issue> open(Handle handle, DataCatalogue.Entry entry, String rule) {
    return handle
        .createQuery(
            SELECT
                + "WHERE library = :library AND table_name = :table AND rule = :rule AND "
                + IS_OPEN
                + " FOR UPDATE")
        .bind("library", entry.library().library())
        .bind("table", entry.table().table())
        .bind("rule", rule)
        .map((row, context) -> issue(row))
        .findOne();
  }

  private static void change(
      Handle handle,
      long id,
      State state,
      String actor,
      String action,
      @Nullable String note,
      Instant now) {
    boolean isEnd = state == State.CLOSED || state == State.WITHDRAWN;
    handle.execute(
        "UPDATE chengmai.quality_issue SET state = ?, closed_at = ? WHERE id = ?",
        state.toString(),
        isEnd ? Timestamp.from(now) : null,
        id);
    log(handle, id, actor, action, note, now);
  }

  private static void log(
      Handle handle, long id, String actor, String action, @Nullable String note, Instant now) {
    handle.execute(
        "INSERT INTO chengmai.quality_issue_event (issue, at, actor, action, note) VALUES (?, ?, ?, ?, ?)",
        id,
        now,
        actor,
        action,
        note);
  }

  /** The first day of rows of a table's open issues. */
  Optional<LocalDate> firstOpenDay(DataCatalogue.Entry entry) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT min(first_day) FROM chengmai.quality_issue WHERE library = :library AND table_name = :table AND "
                        + IS_OPEN)
                .bind("library", entry.library().library())
                .bind("table", entry.table().table())
                .map((row, context) -> Optional.ofNullable(row.getDate(1)).map(Date::toLocalDate))
                .one());
  }

  /**
   * Ends the issues of rules that are stated no longer.
   *
   * @param stated {@code library.table/rule} of all rules
   */
  void withdrawAllBut(Set<String> stated) {
    Instant now = clock.instant();
    find(true, Integer.MAX_VALUE).stream()
        .filter(issue -> !stated.contains(issue.table() + "/" + issue.rule()))
        .forEach(
            issue ->
                jdbi.useTransaction(
                    handle ->
                        change(
                            handle, issue.id(), State.WITHDRAWN, ENGINE, "withdrawn", null, now)));
  }

  /** Issues, the newest first. */
  public List<Issue> find(boolean isOpen, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    SELECT
                        + (isOpen ? "WHERE " + IS_OPEN : "")
                        + " ORDER BY opened_at DESC, id DESC LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> issue(row))
                .list());
  }

  /** One issue; NOT_FOUND if there is none. */
  public Issue get(long id) {
    return jdbi.withHandle(handle -> get(handle, id));
  }

  private static Issue get(Handle handle, long id) {
    return handle
        .createQuery(SELECT + "WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .map((row, context) -> issue(row))
        .findOne()
        .orElseThrow(() -> new ChengmaiException(ErrorCode.NOT_FOUND, "there is no issue " + id));
  }

  /** What was done about an issue, oldest first. */
  public List<Issue.Event> events(long id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT at, actor, action, note FROM chengmai.quality_issue_event WHERE issue = :id ORDER BY id")
                .bind("id", id)
                .map(
                    (row, context) ->
                        new Issue.Event(
                            row.getTimestamp(1).toInstant(),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4)))
                .list());
  }

  /** Sends an issue back to its department; CONFLICT once it is closed. */
  public Issue giveBack(Principal by, long id, @Nullable String note) {
    return decide(by, id, State.RETURNED, "returned", note);
  }

  /** Tells that the rows are mended, which the next look verifies; CONFLICT once it is closed. */
  public Issue fixed(Principal by, long id, @Nullable String note) {
    return decide(by, id, State.FIXED, "fixed", note);
  }

  private Issue decide(Principal by, long id, State state, String action, @Nullable String note) {
    return jdbi.inTransaction(
        handle -> {
          Issue issue = get(handle, id);
          if (issue.closedAt() != null || issue.state() == state) {
            throw new ChengmaiException(
                ErrorCode.CONFLICT, "issue %d is %s already".formatted(id, issue.state()));
          }
          change(handle, id, state, by.name(), action, note, clock.instant());
          return get(handle, id);
        });
  }

  private static Issue issue(ResultSet row) throws SQLException {
    Timestamp closed = row.getTimestamp("closed_at");
    return new Issue(
        row.getLong("id"),
        row.getString("library") + "." + row.getString("table_name"),
        row.getString("rule"),
        row.getString("department"),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getDate("first_day").toLocalDate(),
        row.getDate("last_day").toLocalDate(),
        row.getLong("failed"),
        RunBook.keys(row.getString("failing")),
        row.getTimestamp("opened_at").toInstant(),
        row.getDate("due_on").toLocalDate(),
        row.getBoolean("provisional"),
        closed == null ? null : closed.toInstant());
  }
}
