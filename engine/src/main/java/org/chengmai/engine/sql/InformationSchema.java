package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.ScannableTable;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** {@code information_schema}: the catalogue as tables, as tools ask for it. */
final class InformationSchema extends AbstractSchema {
  private final Map<String, org.apache.calcite.schema.Table> tables;

  InformationSchema(Catalog catalog) {
    this.tables =
        Map.of(
            "schemata", new Rows(() -> schemata(catalog), "catalog_name", "schema_name"),
            "tables",
                new Rows(
                    () -> tables(catalog),
                    "table_catalog",
                    "table_schema",
                    "table_name",
                    "table_type"),
            "columns",
                new Rows(
                    () -> columns(catalog),
                    "table_catalog",
                    "table_schema",
                    "table_name",
                    "column_name",
                    "#ordinal_position",
                    "is_nullable",
                    "data_type"));
  }

  @Override
  protected Map<String, org.apache.calcite.schema.Table> getTableMap() {
    return tables;
  }

  private static List<@Nullable Object[]> schemata(Catalog catalog) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    catalog.libraries().forEach(library -> rows.add(new Object[] {"chengmai", library}));
    return rows;
  }

  private static List<@Nullable Object[]> tables(Catalog catalog) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Catalog.TableEntry table : catalog.entries()) {
      rows.add(new Object[] {"chengmai", table.library(), table.name(), table.kind()});
    }
    return rows;
  }

  private static List<@Nullable Object[]> columns(Catalog catalog) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Catalog.TableEntry table : catalog.entries()) {
      int position = 0;
      for (Catalog.ColumnEntry column : table.columns()) {
        position++;
        rows.add(
            new Object[] {
              "chengmai",
              table.library(),
              table.name(),
              column.name(),
              position,
              column.isNullable() ? "YES" : "NO",
              column.type()
            });
      }
    }
    return rows;
  }

  /** Rows made when asked for; columns are texts, those with {@code #} integers. */
  private static final class Rows extends AbstractTable implements ScannableTable {
    private final Supplier<List<@Nullable Object[]>> rows;
    private final String[] columns;

    Rows(Supplier<List<@Nullable Object[]>> rows, String... columns) {
      this.rows = rows;
      this.columns = columns;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
      RelDataTypeFactory.Builder type = factory.builder();
      for (String column : columns) {
        if (column.startsWith("#")) {
          type.add(column.substring(1), SqlTypeName.INTEGER);
        } else {
          type.add(column, SqlTypeName.VARCHAR);
        }
      }
      return type.build();
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
}
