package org.chengmai.engine.shell;

/** How results are printed. */
public enum ResultFormat {
  TABLE("application/json"),
  VERTICAL("application/json"),
  MARKDOWN("application/json"),
  CSV("text/csv"),
  JSON("application/json"),
  NDJSON("application/x-ndjson"),
  /** Not for a terminal. */
  ARROW("application/vnd.apache.arrow.stream");

  private final String contentType;

  ResultFormat(String contentType) {
    this.contentType = contentType;
  }

  /** What the engine is asked for. */
  String contentType() {
    return contentType;
  }

  /** Whether rows are laid out here; others are printed as the engine sends them. */
  boolean isDrawn() {
    return this == TABLE || this == VERTICAL || this == MARKDOWN;
  }
}
