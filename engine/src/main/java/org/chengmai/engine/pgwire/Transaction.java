package org.chengmai.engine.pgwire;

/**
 * A transaction as clients expect it: it holds nothing, because nothing is written and each query
 * sees its sources as they are. Used by one session.
 */
final class Transaction {
  private enum State {
    NONE('I'),
    OPEN('T'),
    FAILED('E');

    private final char told;

    State(char told) {
      this.told = told;
    }
  }

  private State state = State.NONE;

  /** The state's letter in the protocol. */
  char told() {
    return state.told;
  }

  boolean isNone() {
    return state == State.NONE;
  }

  /** A statement failed. */
  void fail() {
    if (state == State.OPEN) {
      state = State.FAILED;
    }
  }

  /**
   * The command, unless only the transaction's end is left to do.
   *
   * @throws PostgresError.Refusal when it is
   */
  Command allowed(Command command) {
    if (state == State.FAILED
        && !(command instanceof Command.Commit
            || command instanceof Command.Rollback
            || command instanceof Command.RollbackTo)) {
      throw new PostgresError.Refusal(
          PostgresError.FAILED_TRANSACTION,
          "current transaction is aborted, commands ignored until end of transaction block");
    }
    return command;
  }

  void begin(MessageWriter out) {
    if (!isNone()) {
      out.warning("there is already a transaction in progress");
    }
    state = State.OPEN;
  }

  /** Answers the tag, which tells a commit that could not be. */
  String end(boolean isCommit, MessageWriter out) {
    if (isNone()) {
      out.warning("there is no transaction in progress");
    }
    boolean isCommitted = isCommit && state != State.FAILED;
    state = State.NONE;
    return isCommitted ? "COMMIT" : "ROLLBACK";
  }

  /** Savepoints are wherever one is wanted. */
  void rollbackToSavepoint() {
    require("ROLLBACK TO SAVEPOINT");
    state = State.OPEN;
  }

  /** Refuses what makes no sense outside of one. */
  void require(String what) {
    if (isNone()) {
      throw new PostgresError.Refusal(
          PostgresError.NO_TRANSACTION, what + " can only be used in transaction blocks");
    }
  }
}
