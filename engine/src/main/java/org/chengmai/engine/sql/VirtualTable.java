package org.chengmai.engine.sql;

import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.ScannableTable;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** A table of the engine itself, whose rows are made when they are asked for. */
final class VirtualTable extends AbstractTable implements ScannableTable {
  private final Supplier<List<@Nullable Object[]>> rows;
  private final List<String> columns;
  private final boolean isEmpty;

  /** A table that never has rows; plans then go without it. */
  static VirtualTable empty(List<String> columns) {
    return new VirtualTable(List::of, columns, true);
  }

  /**
   * @param rows each with a value for each column
   * @param columns their names, each with the initial of its type after a colon: {@code b}oolean,
   *     {@code s}mallint, {@code i}nteger, {@code f}loat, {@code n}umbers or {@code w}ords in an
   *     array; texts without
   */
  VirtualTable(Supplier<List<@Nullable Object[]>> rows, List<String> columns) {
    this(rows, columns, false);
  }

  private VirtualTable(
      Supplier<List<@Nullable Object[]>> rows, List<String> columns, boolean isEmpty) {
    this.rows = rows;
    this.columns = List.copyOf(columns);
    this.isEmpty = isEmpty;
  }

  /**
   * The relation without its empty tables, and without what is empty for them. Drivers ask for keys
   * by joins of a dozen tables, which take seconds to plan, and none to see that there are no keys.
   */
  static RelNode withoutEmpty(RelNode rel) {
    boolean[] isAny = {false};
    RelNode without =
        rel.accept(
            new ScanShuttle() {
              @Override
              RelNode replaced(TableScan scan) {
                VirtualTable table = scan.getTable().unwrap(VirtualTable.class);
                if (table == null || !table.isEmpty) {
                  return scan;
                }
                isAny[0] = true;
                return LogicalValues.createEmpty(scan.getCluster(), scan.getRowType());
              }
            });
    return isAny[0] ? Optimizer.withoutEmpty(without) : rel;
  }

  /** Whether a relation reads one. */
  static boolean isIn(RelNode rel) {
    boolean[] isIn = {false};
    RelNode unused =
        rel.accept(
            new ScanShuttle() {
              @Override
              RelNode replaced(TableScan scan) {
                isIn[0] |= scan.getTable().unwrap(VirtualTable.class) != null;
                return scan;
              }
            });
    return isIn[0];
  }

  static String name(String column) {
    int colon = column.indexOf(':');
    return colon < 0 ? column : column.substring(0, colon);
  }

  private static SqlTypeName type(String column) {
    int colon = column.indexOf(':');
    return switch (colon < 0 ? 't' : column.charAt(colon + 1)) {
      case 'b' -> SqlTypeName.BOOLEAN;
      case 's' -> SqlTypeName.SMALLINT;
      case 'i' -> SqlTypeName.INTEGER;
      case 'f' -> SqlTypeName.REAL;
      case 'n' -> SqlTypeName.INTEGER;
      default -> SqlTypeName.VARCHAR;
    };
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder row = factory.builder();
    for (String column : columns) {
      RelDataType one = factory.createSqlType(type(column));
      boolean isArray = column.endsWith(":n") || column.endsWith(":w");
      row.add(
          name(column),
          factory.createTypeWithNullability(
              isArray ? factory.createArrayType(one, -1) : one, true));
    }
    return row.build();
  }

  @Override
  public Schema.TableType getJdbcTableType() {
    return Schema.TableType.SYSTEM_VIEW;
  }

  @Override
  public Enumerable<@Nullable Object[]> scan(DataContext context) {
    return Linq4j.asEnumerable(rows.get());
  }
}
