package org.chengmai.connectors.pushdown;

import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWriter;

/** SQL with {@code ?} in place of one operand and {@code !} in place of another. */
public final class SqlTemplate {
  private SqlTemplate() {}

  /** Writes {@code template}, apart from what was written before it. */
  public static void write(SqlWriter writer, String template, SqlNode... operands) {
    String[] parts = template.split("(?<=[?!])|(?=[?!])", -1);
    for (int i = 0; i < parts.length; i++) {
      if (i > 0) {
        writer.setNeedWhitespace(false);
      }
      switch (parts[i]) {
        case "?" -> operands[0].unparse(writer, 0, 0);
        case "!" -> operands[1].unparse(writer, 0, 0);
        default -> writer.print(parts[i]);
      }
    }
    writer.setNeedWhitespace(!template.endsWith(" "));
  }
}
