package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.schema.SchemaPlus;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.druid.DruidTable;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.SqlChecker;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.catalog.CatalogLibrary;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.lineage.QueryOrigins;

/**
 * Checks SQL without an engine: against the tables of a catalogue, which needs no source, or
 * against those that sources have. The tables of schema {@code indicators} are always there. Safe
 * for use by several threads.
 */
public final class TableChecker implements SqlChecker {
  private final Catalog catalog = new Catalog();
  private final QueryPlanner planner =
      new QueryPlanner(
          CalciteSchema.from(catalog.root()), SqlEngine.DEFAULT_LIBRARY, Policies.NONE);

  private TableChecker(List<String> problems) {
    SchemaPlus druid = catalog.library("druid");
    for (DruidTable table : DruidTable.CHENGMAI) {
      Map<String, String> columns = new LinkedHashMap<>();
      columns.put("__time", "TIMESTAMP");
      table.columns().forEach(column -> columns.put(column.name(), column.type()));
      druid.add(table.name(), new DeclaredTable(columns));
    }
    catalog.add(ViewFile.shipped("indicators.sql"), planner, problems);
  }

  /** Checks against the tables that a catalogue describes. */
  public static TableChecker of(DataCatalogue tables) {
    TableChecker checker = new TableChecker(new ArrayList<>());
    for (DataCatalogue.Entry entry : tables.entries()) {
      Map<String, String> columns = new LinkedHashMap<>();
      for (CatalogLibrary.Column column : entry.table().columns()) {
        columns.put(column.name(), column.type());
      }
      checker
          .catalog
          .library(entry.library().library())
          .add(entry.table().table(), new DeclaredTable(columns));
    }
    return checker;
  }

  /**
   * Checks against the tables of sources, which stay the caller's, and views over them.
   *
   * @throws ChengmaiException INVALID_DEFINITION with every problem of every view, by file and line
   */
  public static TableChecker of(List<? extends Source> sources, List<ViewFile> views) {
    List<String> problems = new ArrayList<>();
    TableChecker checker = new TableChecker(problems);
    sources.forEach(checker.catalog::add);
    views.forEach(file -> checker.catalog.add(file, checker.planner, problems));
    checker.catalog.checkViews(problems);
    if (!problems.isEmpty()) {
      throw new ChengmaiException(ErrorCode.INVALID_DEFINITION, String.join("\n", problems));
    }
    return checker;
  }

  /** Where the columns of queries over these tables come from. */
  public QueryOrigins origins() {
    return new ColumnOrigins(catalog, planner);
  }

  @Override
  public List<Table.Column> check(String sql) {
    try {
      return planner.columns(sql);
    } catch (RuntimeException e) {
      throw SqlErrors.suggesting(SqlErrors.translate(e), catalog, sql);
    }
  }
}
