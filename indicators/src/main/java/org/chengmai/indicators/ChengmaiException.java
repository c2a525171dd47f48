package org.chengmai.indicators;

import org.jspecify.annotations.Nullable;

/**
 * The one exception of the product; its message names the thing, the value and, where there is one,
 * the cure.
 */
public final class ChengmaiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public ChengmaiException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public ChengmaiException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
