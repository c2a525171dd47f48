package org.chengmai.engine.pgwire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.chengmai.engine.pgwire.FrameDecoder.Frame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's socket: logs it in on the event loop, then hands its messages in order to workers,
 * one at a time. A client that sends faster than its messages are handled is not read meanwhile.
 */
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final int VERSION = 3 << 16;
  private static final int CANCEL = 80877102;
  private static final int SSL = 80877103;
  private static final int GSS = 80877104;
  private static final int MOST_WAITING = 1 << 20;

  /** What a frame costs beside its bytes. */
  private static final int FRAME = 64;

  /** Who a client is, and what it may do; asked on the event loop, so that it must not block. */
  interface LogIn {
    /**
     * @throws PostgresError.Refusal for who must not come in
     */
    Session logIn(String user, String password, Output output, SessionSettings settings);

    /** Keys of a new session, by which another connection cancels its query. */
    CancelKeys.Key register(Session session);

    void forget(Session session);

    void cancel(CancelKeys.Key key);
  }

  private final NetSocket socket;
  private final Executor workers;
  private final LogIn logIn;
  private final Output output;
  private final @Nullable ServerSSLOptions tls;
  private final FrameDecoder decoder = new FrameDecoder(this::take);
  private final Deque<Frame> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private boolean isBusy;
  private boolean isPaused;
  private boolean isClosed;
  private int negotiations;
  private @Nullable SessionSettings settings;
  private @Nullable String user;
  private volatile @Nullable Session session;

  /**
   * @param tls that the client must speak before it logs in; null for plain text
   */
  Connection(NetSocket socket, Executor workers, LogIn logIn, @Nullable ServerSSLOptions tls) {
    this.tls = tls;
    this.socket = socket;
    this.workers = workers;
    this.logIn = logIn;
    this.output = new Output(socket);
  }

  /**
   * @param onClose when the socket is closed, by whomever
   */
  void start(Runnable onClose) {
    socket.handler(this::read);
    socket.exceptionHandler(error -> socket.close());
    socket.closeHandler(
        closed -> {
          onClose.run();
          closed();
        });
  }

  boolean isLoggedIn() {
    return session != null;
  }

  /** Ends the queries of cursors that the client has left alone for so long. */
  void expireCursors(Duration patience) {
    Session open = session;
    if (open != null) {
      // a busy one leaves none alone
      boolean unused = run(open, () -> open.expireCursors(patience));
    }
  }

  private void read(Buffer bytes) {
    try {
      decoder.accept(bytes);
    } catch (RuntimeException e) {
      refuse(PostgresError.of(e, ""));
    }
  }

  /** Tells the client why it is not served, and lets it go. */
  void refuse(PostgresError why) {
    MessageWriter messages = new MessageWriter();
    messages.error("FATAL", why);
    socket.handler(bytes -> {});
    socket.end(messages.take());
  }

  private void take(Frame frame) {
    Session open = session;
    if (open != null) {
      enqueue(frame, open);
      return;
    }
    if (frame.kind() == 0) {
      startUp(frame);
    } else if (frame.kind() == 'p' && user != null && settings != null) {
      password(frame, user, settings);
    } else {
      throw new PostgresError.Refusal(PostgresError.PROTOCOL, "a password is wanted first");
    }
  }

  private void startUp(Frame frame) {
    MessageReader in = new MessageReader(frame.body(), StandardCharsets.UTF_8);
    int code = in.int4();
    if (code == SSL || code == GSS) {
      if (++negotiations > 2) {
        throw MessageReader.broken();
      }
      if (code == SSL && tls != null && !socket.isSsl()) {
        speak(tls);
      } else {
        socket.write(Buffer.buffer("N"));
      }
      return;
    }
    if (code == CANCEL) {
      logIn.cancel(new CancelKeys.Key(in.int4(), in.int4()));
      socket.close();
      return;
    }
    if (tls != null && !socket.isSsl()) {
      throw new PostgresError.Refusal(
          PostgresError.NO_LOG_IN,
          "log-ins are taken over TLS only; connect with sslmode=require, or verify-full and the root certificate");
    }
    if (code >> 16 != VERSION >> 16) {
      throw new PostgresError.Refusal(
          PostgresError.NOT_SUPPORTED,
          "protocol %d.%d is not spoken here, 3.0 is".formatted(code >> 16, code & 0xffff));
    }
    Map<String, String> parameters = parameters(in);
    String name = parameters.remove("user");
    if (name == null || name.isEmpty()) {
      throw new PostgresError.Refusal(PostgresError.NO_LOG_IN, "no user name came");
    }
    String database = parameters.remove("database");
    if (database != null && !database.equals("chengmai") && !database.equals(name)) {
      throw new PostgresError.Refusal(
          PostgresError.NO_DATABASE,
          "database \"%s\" does not exist; the only one is chengmai, and libraries are its schemas"
              .formatted(database));
    }
    MessageWriter out = output.messages();
    negotiate(code, parameters, out);
    SessionSettings wanted = new SessionSettings(name);
    set(wanted, parameters, out);
    settings = wanted;
    user = name;
    out.start('R').int4(3).end();
    socket.write(out.take());
    decoder.startMessages();
  }

  /** Begins TLS; what came in plain text after the request for it could be anyone's. */
  private void speak(ServerSSLOptions options) {
    if (!decoder.isDrained()) {
      throw MessageReader.broken();
    }
    socket
        .upgradeToSsl(options, Buffer.buffer("S"))
        .onFailure(
            error -> {
              LOG.debug("a client's TLS failed: {}", error.getMessage());
              socket.close();
            });
  }

  private static Map<String, String> parameters(MessageReader in) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String name = in.text(); !name.isEmpty(); name = in.text()) {
      parameters.put(name, in.text());
    }
    in.end();
    return parameters;
  }

  /** Tells a client of a later minor version, or with options of one, what there is not. */
  private static void negotiate(int version, Map<String, String> parameters, MessageWriter out) {
    List<String> options =
        parameters.keySet().stream().filter(name -> name.startsWith("_pq_.")).toList();
    if (version != VERSION || !options.isEmpty()) {
      out.start('v').int4(0).int4(options.size());
      options.forEach(out::text);
      out.end();
      options.forEach(parameters::remove);
    }
  }

  /** Settings that a client sends along; what cannot be set is told after the log-in by SHOW. */
  private static void set(SessionSettings settings, Map<String, String> wanted, MessageWriter out) {
    wanted.remove("options");
    wanted.remove("replication");
    MessageWriter untold = new MessageWriter();
    wanted.forEach((name, value) -> settings.set(SessionSettings.name(name), value, untold));
    out.charset(untold.charset());
  }

  private void password(Frame frame, String name, SessionSettings wanted) {
    MessageReader in = new MessageReader(frame.body(), StandardCharsets.UTF_8);
    Session open = logIn.logIn(name, in.text(), output, wanted);
    in.end();
    CancelKeys.Key key = logIn.register(open);
    MessageWriter out = output.messages();
    out.start('R').int4(0).end();
    wanted.reportAll(out);
    out.start('K').int4(key.process()).int4(key.secret()).end();
    out.ready('I');
    socket.write(out.take());
    decoder.allowLarge();
    session = open;
  }

  private void enqueue(Frame frame, Session open) {
    synchronized (this) {
      waiting.add(frame);
      waitingBytes += frame.body().length + FRAME;
      if (waitingBytes > MOST_WAITING && !isPaused) {
        isPaused = true;
        socket.pause();
      }
    }
    boolean unused = run(open, () -> {});
  }

  /** Handles what waits, on a worker; the caller has set busy. */
  private void work(Session open) {
    try {
      for (Frame frame = next(); frame != null; frame = next()) {
        if (!open.handle(frame)) {
          end(open);
          return;
        }
      }
    } catch (Output.Gone e) {
      LOG.debug("a client left: {}", e.getMessage());
      end(open);
    } catch (RuntimeException | Error e) {
      LOG.atError().setCause(e).log("a session failed");
      end(open);
    }
  }

  /**
   * Null when nothing waits, and then not busy any more; the session is closed if its client is.
   */
  private @Nullable Frame next() {
    synchronized (this) {
      Frame frame = waiting.poll();
      if (frame != null) {
        waitingBytes -= frame.body().length + FRAME;
        if (isPaused && waitingBytes < MOST_WAITING / 2) {
          isPaused = false;
          socket.resume();
        }
        return frame;
      }
      if (!isClosed) {
        isBusy = false;
        return null;
      }
    }
    throw new Output.Gone("the client has gone away");
  }

  /** For good: busy stays set. */
  private void end(Session open) {
    socket.close();
    open.close();
  }

  private void closed() {
    Session open = session;
    synchronized (this) {
      isClosed = true;
      waiting.clear();
    }
    output.abandon();
    if (open != null) {
      open.leave();
      logIn.forget(open);
      run(open, () -> open.close());
    }
  }

  /** Does something for the session when it is not busy; who makes it so sees to what has come. */
  private boolean run(Session open, Runnable action) {
    synchronized (this) {
      if (isBusy) {
        return false;
      }
      isBusy = true;
    }
    try {
      workers.execute(
          () -> {
            action.run();
            work(open);
          });
    } catch (RejectedExecutionException e) {
      // the engine stops
      socket.close();
    }
    return true;
  }
}
