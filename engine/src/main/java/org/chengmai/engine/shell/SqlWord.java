package org.chengmai.engine.shell;

import java.util.List;
import org.jline.reader.CompletingParsedLine;

/** The name, keyword or command at a place of a line: what is completed there. Immutable. */
record SqlWord(String line, int cursor, String word) implements CompletingParsedLine {

  /** The word that ends at the cursor. */
  static SqlWord at(String line, int cursor) {
    int start = cursor;
    while (start > 0 && isPart(line.charAt(start - 1))) {
      start--;
    }
    return new SqlWord(line, cursor, line.substring(start, cursor));
  }

  private static boolean isPart(char c) {
    return Character.isLetterOrDigit(c) || "_.\"\\?".indexOf(c) >= 0;
  }

  @Override
  public int wordCursor() {
    return word.length();
  }

  /** Names are written as they are. */
  @Override
  public CharSequence escape(CharSequence candidate, boolean isComplete) {
    return candidate;
  }

  @Override
  public int rawWordCursor() {
    return word.length();
  }

  @Override
  public int rawWordLength() {
    return word.length();
  }

  @Override
  public int wordIndex() {
    return 0;
  }

  @Override
  public List<String> words() {
    return List.of(word);
  }
}
