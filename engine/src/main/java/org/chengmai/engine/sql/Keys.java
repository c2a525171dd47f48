package org.chengmai.engine.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.sql.SqlDialect;
import org.chengmai.connectors.pushdown.ManyKeys;
import org.chengmai.engine.sql.Fragment.Binding;
import org.jspecify.annotations.Nullable;

/** The keys of a bind join's first side, as literals for the other side's SQL. Immutable. */
final class Keys {
  private final Binding binding;
  private final List<List<String>> columns;

  private Keys(Binding binding, List<List<String>> columns) {
    this.binding = binding;
    this.columns = columns;
  }

  /** The different keys of a step; null when there are too many of every column. */
  static @Nullable Keys read(Connection duckDb, Binding binding) throws SQLException {
    List<List<String>> columns = new ArrayList<>();
    boolean isUseful = false;
    for (String column : binding.stepColumns()) {
      List<String> keys = read(duckDb, binding, column);
      columns.add(keys);
      isUseful |= keys.size() <= binding.maxKeys();
    }
    return isUseful ? new Keys(binding, columns) : null;
  }

  private static List<String> read(Connection duckDb, Binding binding, String column)
      throws SQLException {
    List<String> keys = new ArrayList<>();
    try (Statement statement = duckDb.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT DISTINCT CAST(\"%1$s\" AS VARCHAR) FROM %2$s WHERE \"%1$s\" IS NOT NULL LIMIT %3$d"
                    .formatted(
                        column.replace("\"", "\"\""), binding.step(), binding.maxKeys() + 1))) {
      while (rows.next()) {
        keys.add(rows.getString(1));
      }
    }
    return keys;
  }

  /** How many keys are sent along. */
  int count() {
    return columns.stream()
        .mapToInt(List::size)
        .filter(size -> size <= binding.maxKeys())
        .max()
        .orElse(0);
  }

  /** The fragment's SQL for the rows with these keys only. */
  String bind(Fragment fragment) {
    SqlDialect dialect = fragment.dialect();
    StringBuilder sql =
        new StringBuilder("SELECT * FROM (")
            .append(fragment.sql())
            .append(") AS ")
            .append(dialect.quoteIdentifier("all"));
    String glue = "\nWHERE ";
    for (int i = 0; i < columns.size(); i++) {
      List<String> keys = columns.get(i);
      if (keys.size() > binding.maxKeys()) {
        continue;
      }
      Field field = fragment.shape().getFields().get(binding.columns().get(i));
      sql.append(glue);
      glue = "\nAND ";
      if (keys.isEmpty()) {
        sql.append("1 = 0");
        continue;
      }
      String column = dialect.quoteIdentifier(field.getName());
      if (dialect instanceof ManyKeys many) {
        sql.append(many.among(column, keys));
        continue;
      }
      sql.append(column).append(" IN (");
      for (int k = 0; k < keys.size(); k++) {
        if (k > 0) {
          sql.append(", ");
        }
        append(sql, dialect, field.getType(), keys.get(k));
      }
      sql.append(')');
    }
    return sql.toString();
  }

  private static void append(StringBuilder sql, SqlDialect dialect, ArrowType type, String key) {
    if (type instanceof ArrowType.Int || type instanceof ArrowType.Decimal) {
      sql.append(key);
    } else if (type instanceof ArrowType.Date) {
      sql.append("DATE '").append(key).append('\'');
    } else if (type instanceof ArrowType.Timestamp) {
      sql.append("TIMESTAMP '").append(key).append('\'');
    } else {
      dialect.quoteStringLiteral(sql, null, key);
    }
  }
}
