package org.chengmai.engine.sql;

import java.util.List;
import java.util.Map;

/**
 * What a query would do. Immutable.
 *
 * @param plan the physical plan and the SQL that each source would get
 * @param fragments the SQL that each source would get, as pairs of library and text
 */
public record Explanation(String plan, List<Map.Entry<String, String>> fragments) {
  public Explanation {
    fragments = List.copyOf(fragments);
  }
}
