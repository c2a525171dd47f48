package org.chengmai.engine.sql;

import java.util.List;
import java.util.Map;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.indicators.Table;

/**
 * A query ready to run, any number of times.
 *
 * @param types Calcite's type of each column
 * @param parameters what the generated code finds in its context
 * @param fragments the SQL that each source gets
 * @param tree the physical plan as text
 * @param usesClock whether it holds the moment of its query
 */
record Plan(
    List<Table.Column> columns,
    List<SqlTypeName> types,
    Bindable<?> bindable,
    Map<String, Object> parameters,
    List<Fragment> fragments,
    String tree,
    boolean usesClock) {

  /** What one source computes: its library and the SQL in its dialect. */
  record Fragment(String library, String sql) {}

  String explain() {
    StringBuilder text = new StringBuilder(tree.stripTrailing()).append('\n');
    for (Fragment fragment : fragments) {
      text.append("\n-- ")
          .append(fragment.library())
          .append('\n')
          .append(fragment.sql())
          .append('\n');
    }
    return text.toString();
  }
}
