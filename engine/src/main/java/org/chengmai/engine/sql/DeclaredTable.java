package org.chengmai.engine.sql;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;

/** A table of which only the columns are known, to check SQL with. Immutable. */
final class DeclaredTable extends AbstractTable {
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+), ?(\\d+)\\)");

  private final Map<String, String> columns;

  /**
   * @param columns name to SQL type, in their order
   */
  DeclaredTable(Map<String, String> columns) {
    this.columns = columns;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder row = factory.builder();
    columns.forEach(
        (name, type) -> row.add(name, type(factory, type.toUpperCase(Locale.ROOT))).nullable(true));
    return row.build();
  }

  private static RelDataType type(RelDataTypeFactory factory, String type) {
    Matcher decimal = DECIMAL.matcher(type);
    return decimal.matches()
        ? factory.createSqlType(
            SqlTypeName.DECIMAL,
            Integer.parseInt(decimal.group(1)),
            Integer.parseInt(decimal.group(2)))
        : factory.createSqlType(SqlTypeName.valueOf(type));
  }
}
