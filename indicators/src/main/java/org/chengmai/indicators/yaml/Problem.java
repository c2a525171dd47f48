package org.chengmai.indicators.yaml;

/**
 * Something wrong in a file.
 *
 * @param line counts from 1, 0 when unknown
 * @param code the short, stable name of what is refused; empty where nobody needs one
 * @param path of the key, such as {@code thresholds[1].when}; empty for the whole document
 */
public record Problem(String file, int line, String code, String path, String message) {

  /** {@code file:line: path: message [code]}, without what is unknown. */
  @Override
  public String toString() {
    return file
        + (line > 0 ? ":" + line : "")
        + ": "
        + (path.isEmpty() ? "" : path + ": ")
        + message
        + (code.isEmpty() ? "" : " [" + code + "]");
  }
}
