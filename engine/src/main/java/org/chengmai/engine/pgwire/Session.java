package org.chengmai.engine.pgwire;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.chengmai.engine.pgwire.FrameDecoder.Frame;
import org.chengmai.engine.sql.PostgresType;
import org.chengmai.engine.sql.PreparedQuery;
import org.chengmai.engine.sql.QueryRequest;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlScript;
import org.chengmai.engine.sql.TableRows;
import org.chengmai.engine.sql.Via;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/**
 * What one client that has logged in does: its statements, portals, transaction and settings. One
 * thread at a time handles its messages; any may cancel.
 *
 * <p>Transactions hold nothing, because nothing is written and each query sees its sources as they
 * are; their state is kept as clients expect it.
 */
final class Session {
  private final Principal principal;
  private final SqlEngine engine;
  private final Output output;
  private final MessageWriter out;
  private final SessionSettings settings;
  private final InstantSource clock;
  private final PreparedStatements statements = new PreparedStatements();
  private final Portals portals = new Portals();
  private final Transaction transaction = new Transaction();
  private final SessionCommands commands;

  /** After an error everything is passed over until the client says that it knows. */
  private boolean isSkipping;

  private volatile @Nullable String running;
  private volatile boolean isLeft;

  Session(
      Principal principal,
      SqlEngine engine,
      Output output,
      SessionSettings settings,
      InstantSource clock) {
    this.principal = principal;
    this.engine = engine;
    this.output = output;
    this.out = output.messages();
    this.settings = settings;
    this.clock = clock;
    this.commands = new SessionCommands(settings, statements, portals, transaction, this::declare);
  }

  /** Stops the query that runs, if one does. */
  void cancel() {
    String id = running;
    if (id != null) {
      engine.cancel(id);
    }
  }

  /** The client has gone away: stops what runs, and what would begin. */
  void leave() {
    isLeft = true;
    cancel();
  }

  private void runs(String id) {
    running = id;
    if (isLeft) {
      engine.cancel(id);
    }
  }

  /** False when the client says good-bye. */
  boolean handle(Frame frame) {
    if (isSkipping && frame.kind() != 'S' && frame.kind() != 'X') {
      return true;
    }
    ClientMessage message;
    try {
      message = ClientMessage.of(frame, out.charset());
    } catch (PostgresError.Refusal e) {
      fail(PostgresError.of(e, ""));
      isSkipping = frame.kind() != 'Q';
      if (!isSkipping) {
        ready();
      }
      return true;
    }
    if (message instanceof ClientMessage.Terminate) {
      return false;
    }
    if (message instanceof ClientMessage.Query query) {
      simple(query.sql());
    } else if (message instanceof ClientMessage.Sync) {
      isSkipping = false;
      dropPortals();
      ready();
    } else if (message instanceof ClientMessage.Flush) {
      output.flush();
    } else {
      extended(message);
    }
    return true;
  }

  private void ready() {
    out.ready(transaction.told());
    output.flush();
  }

  private void fail(PostgresError error) {
    out.error("ERROR", error);
    transaction.fail();
  }

  private void extended(ClientMessage message) {
    String sql = "";
    try {
      if (message instanceof ClientMessage.Parse parse) {
        sql = parse.sql();
        parse(parse);
      } else if (message instanceof ClientMessage.Bind bind) {
        bind(bind);
      } else if (message instanceof ClientMessage.Describe describe) {
        describe(describe);
      } else if (message instanceof ClientMessage.Execute execute) {
        Portal portal = portals.find(execute.portal());
        sql = portal.sql();
        execute(portal, execute.rows());
      } else if (message instanceof ClientMessage.Close close) {
        close(close);
      } else if (message instanceof ClientMessage.FunctionCall) {
        throw new PostgresError.Refusal(
            PostgresError.NOT_SUPPORTED, "functions are called in queries here");
      }
    } catch (Output.Gone e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
      isSkipping = true;
      fail(PostgresError.of(e, sql));
    }
  }

  private void simple(String text) {
    statements.drop("");
    List<SqlScript.Statement> script = SqlScript.of(text).statements();
    if (script.isEmpty()) {
      out.bare('I');
    }
    for (SqlScript.Statement statement : script) {
      try {
        Command command = transaction.allowed(Command.of(statement.sql()));
        Portal portal = portal(statement.sql(), command, null, Collections.emptyList(), List.of());
        try (portal) {
          if (hasRows(command)) {
            writeColumns(portal);
          }
          execute(portal, 0);
        }
      } catch (Output.Gone e) {
        throw e;
      } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
        fail(PostgresError.of(e, statement.sql()).shifted(statement.start()));
        break;
      }
    }
    dropPortals();
    ready();
  }

  /** Without a transaction none outlives its statement. */
  private void dropPortals() {
    if (transaction.isNone()) {
      portals.dropOfTransaction();
    }
  }

  private void parse(ClientMessage.Parse parse) {
    Command command = transaction.allowed(Command.of(parse.sql()));
    statements.check(parse.name(), parse.sql());
    PreparedQuery query = null;
    List<Integer> types = new ArrayList<>();
    if (command instanceof Command.Query) {
      query =
          engine.prepare(
              QueryRequest.of(principal, Via.PGWIRE, parse.sql()),
              parse.types().stream()
                  .map(oid -> PostgresType.byOid(oid).map(PostgresType::parameter).orElse(""))
                  .toList());
      for (int i = 0; i < query.parameters().size(); i++) {
        int given = i < parse.types().size() ? parse.types().get(i) : 0;
        types.add(given == 0 ? PostgresType.of(query.parameters().get(i)).oid() : given);
      }
    }
    statements.put(
        parse.name(), new PreparedStatement(parse.sql(), command, query, List.copyOf(types)));
    out.bare('1');
  }

  private void bind(ClientMessage.Bind bind) {
    PreparedStatement statement = statements.find(bind.statement());
    Command command = transaction.allowed(statement.command());
    int count = statement.types().size();
    if (bind.values().size() != count
        || bind.formats().size() > 1 && bind.formats().size() != count) {
      throw new PostgresError.Refusal(
          PostgresError.PROTOCOL,
          "the statement has %d parameters, and %d values came"
              .formatted(count, bind.values().size()));
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] value = bind.values().get(i);
      int format =
          bind.formats().isEmpty() ? 0 : bind.formats().get(bind.formats().size() == 1 ? 0 : i);
      values.add(value == null ? null : value(value, format == 1, statement.types().get(i)));
    }
    portals.put(
        bind.portal(),
        portal(statement.sql(), command, statement.query(), values, bind.resultFormats()));
    out.bare('2');
  }

  private Object value(byte[] value, boolean isBinary, int oid) {
    PostgresType type = PostgresType.byOid(oid).orElse(PostgresType.TEXT);
    return WireValues.parameter(value, isBinary, type, out.charset());
  }

  private Portal portal(
      String sql,
      Command command,
      @Nullable PreparedQuery query,
      List<@Nullable Object> values,
      List<Integer> formats) {
    return new Portal(
        sql,
        command,
        onArrival -> {
          if (command instanceof Command.Show show) {
            return shown(show.name());
          }
          return query == null
              ? engine.stream(QueryRequest.of(principal, Via.PGWIRE, sql), onArrival)
              : engine.stream(QueryRequest.of(principal, Via.PGWIRE, query, values), onArrival);
        },
        query == null ? null : query.columns(),
        formats,
        false);
  }

  private TableRows shown(String name) {
    if (!name.equals("all")) {
      return TableRows.ofTexts(List.of(name), List.of(List.of(settings.get(name))));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    settings.all().forEach((setting, value) -> rows.add(List.of(setting, value, "")));
    return TableRows.ofTexts(List.of("name", "setting", "description"), rows);
  }

  private static boolean hasRows(Command command) {
    return command instanceof Command.Query
        || command instanceof Command.Show
        || command instanceof Command.Fetch;
  }

  private void describe(ClientMessage.Describe describe) {
    if (describe.isPortal()) {
      Portal portal = portals.find(describe.name());
      if (hasRows(portal.command())) {
        writeColumns(portal);
      } else {
        out.bare('n');
      }
      return;
    }
    PreparedStatement statement = statements.find(describe.name());
    out.parameters(statement.types());
    List<Table.Column> columns =
        statement.query() != null
            ? statement.query().columns()
            : statement.command() instanceof Command.Show show
                ? shown(show.name()).columns()
                : statement.command() instanceof Command.Fetch fetch
                    ? columnsOf(portals.find(fetch.cursor()))
                    : List.of();
    if (hasRows(statement.command())) {
      out.columns(WireColumn.of(columns), Collections.nCopies(columns.size(), 0));
    } else {
      out.bare('n');
    }
  }

  /** Tells what the rows of a portal will be. */
  private void writeColumns(Portal portal) {
    Portal source =
        portal.command() instanceof Command.Fetch fetch ? portals.find(fetch.cursor()) : portal;
    List<Table.Column> columns = columnsOf(source);
    out.columns(WireColumn.of(columns), source.formats(columns.size()));
  }

  /** May start the query, which can be cancelled from then on and not only once rows are asked. */
  private List<Table.Column> columnsOf(Portal portal) {
    return portal.columns(this::runs);
  }

  private void execute(Portal portal, int rows) {
    Command command = transaction.allowed(portal.command());
    if (command instanceof Command.Query) {
      long count = write(portal, rows);
      if (portal.isOver()) {
        out.complete("SELECT " + count);
      } else {
        out.bare('s');
      }
    } else if (command instanceof Command.Show) {
      write(portal, 0);
      out.complete("SHOW");
    } else if (command instanceof Command.Fetch fetch) {
      out.complete("FETCH " + write(portals.find(fetch.cursor()), fetch.rows()));
    } else if (command instanceof Command.Empty) {
      out.bare('I');
    } else {
      out.complete(commands.run(command, out));
    }
  }

  private long write(Portal portal, int rows) {
    try {
      return portal.write(output, rows, this::runs);
    } finally {
      running = null;
      portal.suspend(clock.instant());
    }
  }

  private void declare(Command.Declare declare) {
    if (!declare.isHeld()) {
      transaction.require("DECLARE CURSOR without WITH HOLD");
    }
    if (!(Command.of(declare.sql()) instanceof Command.Query query)) {
      throw new PostgresError.Refusal(PostgresError.SYNTAX, "a cursor is for a query");
    }
    // so that a wrong query fails here
    PreparedQuery prepared =
        engine.prepare(QueryRequest.of(principal, Via.PGWIRE, query.sql()), List.of());
    portals.put(
        declare.cursor(),
        new Portal(
            query.sql(),
            query,
            onArrival ->
                engine.stream(
                    QueryRequest.of(principal, Via.PGWIRE, prepared, Collections.emptyList()),
                    onArrival),
            prepared.columns(),
            List.of(),
            declare.isHeld()));
  }

  private void close(ClientMessage.Close close) {
    if (close.isPortal()) {
      portals.drop(close.name());
    } else {
      statements.drop(close.name());
    }
    out.bare('3');
  }

  /** Ends the queries of cursors that the client has left alone for so long. */
  void expireCursors(Duration patience) {
    portals.expire(clock.instant(), patience);
  }

  /** Ends everything, as nobody listens any more. */
  void close() {
    portals.dropAll();
    statements.dropAll();
  }
}
