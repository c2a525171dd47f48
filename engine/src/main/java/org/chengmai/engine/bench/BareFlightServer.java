package org.chengmai.engine.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flight.BackpressureStrategy;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.engine.sql.ArrowBatches;
import org.chengmai.engine.sql.ClientTypes;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.engine.sql.SqlEngine;

/**
 * An Arrow Flight server with Flight's defaults that streams the batches of one query's result,
 * held in memory or computed anew: without log-in, plans, limits and cancelling.
 */
final class BareFlightServer extends NoOpFlightProducer implements AutoCloseable {
  /** Wants the batches that are held. */
  static final byte[] HELD = {0};

  /** Wants the query to be run. */
  static final byte[] COMPUTED = {1};

  private final SqlEngine engine;
  private final String sql;
  private final BufferAllocator allocator = new RootAllocator();
  private final List<ArrowRecordBatch> held = new ArrayList<>();
  private final Schema schema;
  private final FlightServer server;

  /** Runs the query and starts the server. */
  BareFlightServer(SqlEngine engine, String sql) throws IOException {
    this.engine = engine;
    this.sql = sql;
    try (RowStream rows = engine.stream(SqlEngine.INTERNAL, sql);
        ArrowBatches batches = new ArrowBatches(rows, ClientTypes.EXACT, allocator)) {
      schema = batches.root().getSchema();
      VectorUnloader unloader = new VectorUnloader(batches.root());
      while (batches.next()) {
        held.add(unloader.getRecordBatch());
      }
    }
    server =
        FlightServer.builder(allocator, Location.forGrpcInsecure("127.0.0.1", 0), this)
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  @Override
  public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
    boolean isHeld = Arrays.equals(ticket.getBytes(), HELD);
    // gRPC tells of readiness only once its own thread has returned
    new Thread(() -> answer(isHeld, listener), "bare-flight").start();
  }

  private void answer(boolean isHeld, ServerStreamListener listener) {
    BackpressureStrategy pressure = new BackpressureStrategy.CallbackBackpressureStrategy();
    pressure.register(listener);
    try {
      if (isHeld) {
        hold(pressure, listener);
      } else {
        compute(pressure, listener);
      }
      listener.completed();
    } catch (RuntimeException e) {
      listener.error(e);
    }
  }

  private void hold(BackpressureStrategy pressure, ServerStreamListener listener) {
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
      VectorLoader loader = new VectorLoader(root);
      listener.start(root);
      for (ArrowRecordBatch batch : held) {
        loader.load(batch);
        send(pressure, listener);
      }
    }
  }

  private void compute(BackpressureStrategy pressure, ServerStreamListener listener) {
    try (RowStream rows = engine.stream(SqlEngine.INTERNAL, sql);
        ArrowBatches batches = new ArrowBatches(rows, ClientTypes.EXACT, allocator)) {
      listener.start(batches.root());
      while (batches.next()) {
        send(pressure, listener);
      }
    }
  }

  private static void send(BackpressureStrategy pressure, ServerStreamListener listener) {
    if (pressure.waitForListener(0) != BackpressureStrategy.WaitResult.READY) {
      throw new IllegalStateException("the client has gone away");
    }
    listener.putNext();
  }

  @Override
  public void close() throws InterruptedException {
    server.close();
    held.forEach(ArrowRecordBatch::close);
    allocator.close();
  }
}
