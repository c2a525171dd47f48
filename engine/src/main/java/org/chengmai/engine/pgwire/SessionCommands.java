package org.chengmai.engine.pgwire;

import java.util.function.Consumer;

/** Runs what a session does itself and gives no rows. Used by one session. */
final class SessionCommands {
  private final SessionSettings settings;
  private final PreparedStatements statements;
  private final Portals portals;
  private final Transaction transaction;
  private final Consumer<Command.Declare> declare;

  /**
   * @param declare makes a cursor
   */
  SessionCommands(
      SessionSettings settings,
      PreparedStatements statements,
      Portals portals,
      Transaction transaction,
      Consumer<Command.Declare> declare) {
    this.settings = settings;
    this.statements = statements;
    this.portals = portals;
    this.transaction = transaction;
    this.declare = declare;
  }

  /** Answers the tag that tells what was done. */
  String run(Command command, MessageWriter out) {
    if (command instanceof Command.Begin begin) {
      transaction.begin(out);
      return begin.tag();
    }
    if (command instanceof Command.Commit || command instanceof Command.Rollback) {
      portals.dropOfTransaction();
      return transaction.end(command instanceof Command.Commit, out);
    }
    if (command instanceof Command.RollbackTo) {
      transaction.rollbackToSavepoint();
      return "ROLLBACK";
    }
    if (command instanceof Command.Nothing nothing) {
      return nothing.tag();
    }
    if (command instanceof Command.Set set) {
      settings.set(set.name(), set.value(), out);
      return "SET";
    }
    if (command instanceof Command.Reset reset) {
      settings.reset(reset.name(), out);
      return "RESET";
    }
    if (command instanceof Command.DiscardAll) {
      portals.dropAll();
      statements.dropAll();
      settings.reset("all", out);
      return "DISCARD ALL";
    }
    if (command instanceof Command.Deallocate deallocate) {
      return deallocate(deallocate);
    }
    if (command instanceof Command.Declare cursor) {
      declare.accept(cursor);
      return "DECLARE CURSOR";
    }
    if (command instanceof Command.CloseCursor close) {
      close(close);
      return "CLOSE CURSOR";
    }
    throw new IllegalStateException("no way to run " + command);
  }

  private String deallocate(Command.Deallocate deallocate) {
    if (deallocate.name() == null) {
      statements.dropAll();
      return "DEALLOCATE ALL";
    }
    PreparedStatement unused = statements.find(deallocate.name());
    statements.drop(deallocate.name());
    return "DEALLOCATE";
  }

  private void close(Command.CloseCursor close) {
    if (close.name() == null) {
      portals.dropAll();
    } else {
      Portal unused = portals.find(close.name());
      portals.drop(close.name());
    }
  }
}
