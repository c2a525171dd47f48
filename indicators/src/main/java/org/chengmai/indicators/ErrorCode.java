package org.chengmai.indicators;

/**
 * What went wrong, filed by who can cure it; HTTP status, gRPC status and log level derive from it.
 */
public enum ErrorCode {
  /**
   * The request cannot be read: malformed JSON, wrong type, wrong charset, SQL that does not parse.
   */
  INVALID_INPUT(Type.USER, 400),
  /** A definition or configuration that is refused. */
  INVALID_DEFINITION(Type.USER, 400),
  /** No or a wrong token. */
  UNAUTHENTICATED(Type.USER, 401),
  /** The principal's roles do not allow the action. */
  FORBIDDEN(Type.USER, 403),
  /** The named thing does not exist. */
  NOT_FOUND(Type.USER, 404),
  /** The thing is not in a state that allows the action. */
  CONFLICT(Type.USER, 409),
  /** The request is larger than a stated limit. */
  TOO_LARGE(Type.USER, 413),
  /** The caller cancelled the work. */
  CANCELLED(Type.USER, 499),
  /** Someone else's system (a source, Kafka, Druid, Grafana) failed or did not answer. */
  EXTERNAL(Type.EXTERNAL, 502),
  /**
   * A limit on memory, time, rows or concurrency; the message says which and how to get below it.
   */
  RESOURCES(Type.RESOURCES, 429),
  /** Not ready yet, or going down; try again. */
  UNAVAILABLE(Type.RESOURCES, 503),
  /** A fault of ours. */
  INTERNAL(Type.INTERNAL, 500);

  /** Who can cure it. */
  public enum Type {
    USER,
    EXTERNAL,
    RESOURCES,
    INTERNAL
  }

  private final Type type;
  private final int httpStatus;

  ErrorCode(Type type, int httpStatus) {
    this.type = type;
    this.httpStatus = httpStatus;
  }

  public Type type() {
    return type;
  }

  public int httpStatus() {
    return httpStatus;
  }
}
