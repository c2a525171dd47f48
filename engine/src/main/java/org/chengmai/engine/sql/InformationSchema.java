package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.jspecify.annotations.Nullable;

/** {@code information_schema}: the catalogue as tables, as tools ask for it. */
final class InformationSchema extends AbstractSchema {
  private final Map<String, org.apache.calcite.schema.Table> tables;

  InformationSchema(Catalog catalog) {
    this.tables =
        Map.of(
            "schemata",
                new VirtualTable(() -> schemata(catalog), List.of("catalog_name", "schema_name")),
            "tables",
                new VirtualTable(
                    () -> tables(catalog),
                    List.of("table_catalog", "table_schema", "table_name", "table_type")),
            "columns",
                new VirtualTable(
                    () -> columns(catalog),
                    List.of(
                        "table_catalog",
                        "table_schema",
                        "table_name",
                        "column_name",
                        "ordinal_position:i",
                        "is_nullable",
                        "data_type")));
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
}
