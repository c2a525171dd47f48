package org.chengmai.engine.sql;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Who may see what of the tables. Immutable. */
interface Policies {
  /** All of every table. */
  Policies NONE =
      new Policies() {
        @Override
        public Policy of(List<String> table) {
          return Policy.ALL;
        }

        @Override
        public String hash() {
          return "";
        }
      };

  /** The policy for a table, by its library and name. */
  Policy of(List<String> table);

  /** Different for policies that show different things; plans are shared by it. */
  String hash();

  /**
   * What of one table may be seen.
   *
   * @param rows null for all rows
   */
  record Policy(@Nullable RowFilter rows) {
    static final Policy ALL = new Policy(null);
  }

  /** Which rows of a table may be seen. */
  interface RowFilter {
    RexNode condition(RexBuilder builder, RelDataType row);
  }
}
