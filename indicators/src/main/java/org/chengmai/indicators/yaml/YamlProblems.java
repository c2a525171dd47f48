package org.chengmai.indicators.yaml;

import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** Collects what is wrong with one document, each with file, line and path. Not thread-safe. */
public final class YamlProblems {
  private final String file;
  private final List<String> problems = new ArrayList<>();

  public YamlProblems(String file) {
    this.file = file;
  }

  /** Adds a problem; {@code line} counts from 1, 0 when unknown. */
  public void add(int line, String path, String message) {
    problems.add(
        file + (line > 0 ? ":" + line : "") + ": " + (path.isEmpty() ? "" : path + ": ") + message);
  }

  public List<String> list() {
    return List.copyOf(problems);
  }

  public boolean isEmpty() {
    return problems.isEmpty();
  }

  /** Throws INVALID_DEFINITION with every problem, one a line, if there is any. */
  public void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new ChengmaiException(ErrorCode.INVALID_DEFINITION, String.join("\n", problems));
    }
  }
}
