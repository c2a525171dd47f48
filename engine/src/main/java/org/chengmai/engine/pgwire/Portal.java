package org.chengmai.engine.pgwire;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.chengmai.engine.sql.PostgresType;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/**
 * A statement that runs, or will: its rows are handed out in as many parts as the client likes.
 * Used by one session.
 */
final class Portal implements AutoCloseable {
  /** Starts the query; the consumer gets its id. */
  interface Start {
    RowStream start(Consumer<String> onArrival);
  }

  private final String sql;
  private final Command command;
  private final Start start;
  private final @Nullable List<Table.Column> known;
  private final List<Integer> formats;
  private final boolean isHeld;
  private @Nullable RowStream rows;
  private @Nullable String query;
  private @Nullable Instant suspended;
  private boolean isOver;
  private boolean isExpired;

  /**
   * @param known the columns of the result, if that is known before the query starts
   * @param formats of the result: one for all columns, or one each; none means text
   * @param isHeld whether it outlives the transaction
   */
  Portal(
      String sql,
      Command command,
      Start start,
      @Nullable List<Table.Column> known,
      List<Integer> formats,
      boolean isHeld) {
    this.sql = sql;
    this.command = command;
    this.start = start;
    this.known = known;
    this.formats = formats;
    this.isHeld = isHeld;
  }

  String sql() {
    return sql;
  }

  Command command() {
    return command;
  }

  boolean isHeld() {
    return isHeld;
  }

  /** The columns of the result; starts the query if that must tell them. */
  List<Table.Column> columns(Consumer<String> onArrival) {
    return known != null ? known : open(onArrival).columns();
  }

  private RowStream open(Consumer<String> onArrival) {
    if (rows == null) {
      rows =
          start.start(
              id -> {
                query = id;
                onArrival.accept(id);
              });
    } else if (query != null) {
      onArrival.accept(query);
    }
    return rows;
  }

  /** One format for each column. */
  List<Integer> formats(int columns) {
    if (formats.size() <= 1) {
      return Collections.nCopies(columns, formats.isEmpty() ? 0 : formats.get(0));
    }
    if (formats.size() != columns) {
      throw new PostgresError.Refusal(
          PostgresError.PROTOCOL,
          "%d formats came for %d columns".formatted(formats.size(), columns));
    }
    return formats;
  }

  /**
   * Writes the next rows.
   *
   * @param most at most so many; all when it is not positive
   * @return how many were written
   */
  long write(Output out, int most, Consumer<String> onArrival) {
    if (isExpired) {
      throw new PostgresError.Refusal(
          "57014", "the cursor was open longer than a query may run (limits.query_time)");
    }
    if (isOver) {
      return 0;
    }
    suspended = null;
    RowStream open = open(onArrival);
    List<WireColumn> columns = WireColumn.of(columns(onArrival));
    List<Integer> each = formats(columns.size());
    long count = 0;
    while (most <= 0 || count < most) {
      if (!open.hasNext()) {
        isOver = true;
        close();
        break;
      }
      write(out.messages(), open.next(), columns, each);
      out.flushWhenLarge();
      count++;
    }
    return count;
  }

  private static void write(
      MessageWriter out,
      List<@Nullable Object> row,
      List<WireColumn> columns,
      List<Integer> formats) {
    out.start('D').int2(row.size());
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      PostgresType type = columns.get(i).type();
      if (value == null) {
        out.int4(-1);
      } else if (formats.get(i) == 0) {
        out.value(WireValues.text(value, type));
      } else {
        WireValues.binary(out, value, type);
      }
    }
    out.end();
  }

  /** Whether all rows have been written. */
  boolean isOver() {
    return isOver;
  }

  /** The client will perhaps ask for more. */
  void suspend(Instant now) {
    suspended = now;
  }

  /** Ends a query whose client has not asked for more for so long. */
  void expire(Instant now, Duration patience) {
    if (suspended != null && rows != null && suspended.plus(patience).isBefore(now)) {
      isExpired = true;
      close();
    }
  }

  @Override
  public void close() {
    RowStream open = rows;
    rows = null;
    if (open != null) {
      open.close();
    }
  }
}
