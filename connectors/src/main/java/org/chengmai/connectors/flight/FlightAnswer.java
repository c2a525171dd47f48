package org.chengmai.connectors.flight;

import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.chengmai.connectors.Breaker;
import org.chengmai.connectors.arrow.Answer;
import org.jspecify.annotations.Nullable;

/** An answer of a Flight SQL server: its batches, in our types and sizes. */
final class FlightAnswer implements Answer {
  private final FlightSqlClient client;
  private final String sql;
  private final Breaker.Attempt<CallOption> login;
  private final Breaker breaker;
  private @Nullable CallOption caller;
  private @Nullable VectorSchemaRoot target;
  private Iterator<FlightEndpoint> endpoints = List.<FlightEndpoint>of().iterator();
  private volatile @Nullable FlightStream stream;
  private volatile boolean isCancelled;
  private FlightColumn[] columns = new FlightColumn[0];
  private int next;
  private int available;

  FlightAnswer(
      FlightSqlClient client, String sql, Breaker.Attempt<CallOption> login, Breaker breaker) {
    this.client = client;
    this.sql = sql;
    this.login = login;
    this.breaker = breaker;
  }

  @Override
  public void start(VectorSchemaRoot batch) throws SQLException {
    target = batch;
    FlightInfo info =
        FlightErrors.translated(
            breaker,
            () -> {
              CallOption option = login.run();
              caller = option;
              return client.execute(sql, option);
            });
    endpoints = info.getEndpoints().iterator();
    advance();
  }

  /** The next batch with rows; false when there is none. */
  private boolean advance() throws SQLException {
    return FlightErrors.translated(
        () -> {
          while (true) {
            FlightStream open = stream;
            if (open == null) {
              if (!endpoints.hasNext()) {
                return false;
              }
              open = client.getStream(endpoints.next().getTicket(), Objects.requireNonNull(caller));
              stream = open;
              if (isCancelled) {
                open.cancel("cancelled", null);
              }
              columns = columns(open.getRoot().getFieldVectors());
            }
            if (open.next()) {
              next = 0;
              available = open.getRoot().getRowCount();
              if (available > 0) {
                return true;
              }
            } else {
              stream = null;
              close(open);
            }
          }
        });
  }

  private FlightColumn[] columns(List<FieldVector> from) throws SQLException {
    List<FieldVector> to = Objects.requireNonNull(target).getFieldVectors();
    if (from.size() != to.size()) {
      throw new SQLException(
          "%d columns are expected and %d came".formatted(to.size(), from.size()));
    }
    FlightColumn[] made = new FlightColumn[to.size()];
    for (int i = 0; i < made.length; i++) {
      made[i] = FlightColumn.of(from.get(i), to.get(i));
    }
    return made;
  }

  @Override
  public int fill(int rows) throws SQLException {
    if (next == available && !advance()) {
      return 0;
    }
    int count = Math.min(rows, available - next);
    for (FlightColumn column : columns) {
      column.copy(next, count);
    }
    next += count;
    return count;
  }

  @Override
  public void cancel() {
    isCancelled = true;
    FlightStream open = stream;
    if (open != null) {
      open.cancel("cancelled", null);
    }
  }

  @Override
  public void abort() {
    cancel();
  }

  @Override
  public void close() {
    FlightStream open = stream;
    stream = null;
    if (open != null) {
      open.cancel("closed before its end", null);
      close(open);
    }
  }

  private static void close(FlightStream stream) {
    try {
      stream.close();
    } catch (Exception e) {
      // its call is over
    }
  }
}
