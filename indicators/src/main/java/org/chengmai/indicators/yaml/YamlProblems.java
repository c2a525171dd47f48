package org.chengmai.indicators.yaml;

import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** Collects what is wrong with one document, each with file, line and path. Not thread-safe. */
public final class YamlProblems {
  private final String file;
  private final String code;
  private final List<Problem> problems = new ArrayList<>();

  public YamlProblems(String file) {
    this(file, "");
  }

  /**
   * Collects problems with codes.
   *
   * @param code of what the reader itself refuses, such as an unknown key
   */
  public YamlProblems(String file, String code) {
    this.file = file;
    this.code = code;
  }

  /** Adds a problem; {@code line} counts from 1, 0 when unknown. */
  public void add(int line, String path, String message) {
    add(line, code, path, message);
  }

  /** Adds a problem with a code of its own. */
  public void add(int line, String code, String path, String message) {
    problems.add(new Problem(file, line, code, path, message));
  }

  /** The problems' texts. */
  public List<String> list() {
    return problems.stream().map(Problem::toString).toList();
  }

  public List<Problem> all() {
    return List.copyOf(problems);
  }

  public boolean isEmpty() {
    return problems.isEmpty();
  }

  /** Throws INVALID_DEFINITION with every problem, one a line, if there is any. */
  public void throwIfAny() {
    throwIfAny(problems);
  }

  /** The same for problems of several documents. */
  public static void throwIfAny(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          String.join("\n", problems.stream().map(Problem::toString).toList()));
    }
  }
}
