package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.TableStatistics;
import org.chengmai.connectors.arrow.ArrowTypes;
import org.chengmai.connectors.pushdown.SourceSchema;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.yaml.YamlProblems;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The libraries with their tables and views. Filled once, then safe for use by several threads. */
final class Catalog {
  private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);
  static final String INFORMATION_SCHEMA = "information_schema";

  /** A table as people see it: a view says {@code VIEW}. */
  record TableEntry(TableShape table, List<ColumnEntry> columns) {
    String library() {
      return table.library();
    }

    String name() {
      return table.name();
    }

    String kind() {
      return table.kind();
    }
  }

  /** A column as people see it. */
  record ColumnEntry(String name, String type, boolean isNullable) {}

  private final SchemaPlus root = CalciteSchema.createRootSchema(false, false).plus();
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final List<LibraryView> views = new ArrayList<>();

  SchemaPlus root() {
    return root;
  }

  void add(Source source) {
    root.add(source.library(), source.schema(root));
    sources.put(source.library(), source);
  }

  void add(ViewFile file, QueryPlanner planner, List<String> problems) {
    YamlProblems found = new YamlProblems(file.name());
    SchemaPlus schema = library(file.library());
    for (ViewFile.View view : file.views(found)) {
      if (views.stream()
          .anyMatch(
              other ->
                  other.library().equals(file.library())
                      && other.name().equalsIgnoreCase(view.name()))) {
        found.add(view.line(), view.name(), "a view of this name exists already");
      } else {
        LibraryView table = new LibraryView(planner, file.library(), file.name(), view);
        schema.add(view.name(), table);
        views.add(table);
      }
    }
    problems.addAll(found.list());
  }

  /** A library's schema, which is made when there is none. */
  SchemaPlus library(String name) {
    SchemaPlus schema = root.getSubSchema(name);
    return schema == null ? root.add(name, new AbstractSchema()) : schema;
  }

  /** Compiles all views; what a source that is down leaves open is only logged. */
  void checkViews(List<String> problems) {
    for (LibraryView view : views) {
      try {
        view.getRowType(QueryPlanner.TYPES);
      } catch (RuntimeException e) {
        ChengmaiException error = SqlErrors.translate(e);
        if (error.code().type() == ErrorCode.Type.USER) {
          problems.add(
              "%s:%d: view %s: %s"
                  .formatted(view.file(), view.line(), view.name(), error.getMessage()));
        } else {
          LOG.atWarn()
              .addKeyValue("view", view.library() + "." + view.name())
              .log("cannot be checked yet: {}", error.getMessage());
        }
      }
    }
  }

  /** Reads all tables anew when they are next needed, because one has changed. */
  void refresh() {
    for (String library : sources.keySet()) {
      SchemaPlus schema = root.getSubSchema(library);
      SourceSchema source = schema == null ? null : schema.unwrap(SourceSchema.class);
      if (source != null) {
        source.refresh();
      }
    }
    views.forEach(LibraryView::refresh);
  }

  Map<String, Source> byLibrary() {
    return sources;
  }

  Iterable<Source> sources() {
    return sources.values();
  }

  /**
   * Why tables of the libraries that a text mentions cannot be read; empty when nothing is known.
   */
  String problems(String text) {
    StringBuilder reasons = new StringBuilder();
    for (Source source : sources.values()) {
      if (text.contains(source.library())) {
        source
            .problems()
            .forEach(
                (table, reason) ->
                    reasons.append(
                        "; %s.%s cannot be read: %s".formatted(source.library(), table, reason)));
      }
    }
    return reasons.toString();
  }

  List<String> libraries() {
    Set<String> names = new TreeSet<>(root.subSchemas().getNames(LikePattern.any()));
    // the same once more, for PostgreSQL's clients
    names.remove(PostgresCatalog.NAME);
    return List.copyOf(names);
  }

  /** Names of the tables and views of a library; none when its source does not answer. */
  List<String> tables(String library) {
    SchemaPlus schema = root.getSubSchema(library);
    if (schema == null) {
      return List.of();
    }
    try {
      return List.copyOf(new TreeSet<>(schema.tables().getNames(LikePattern.any())));
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("library", library)
          .log("the catalogue leaves out what does not answer: {}", SqlErrors.reason(e));
      return List.of();
    }
  }

  /** Whether a library's source has a table of exactly that name. */
  boolean isTable(String library, String name) {
    return tables(library).contains(name) && view(library, name).isEmpty();
  }

  /** A view, spelled as the catalogue has it. */
  Optional<LibraryView> view(String library, String name) {
    return views.stream()
        .filter(view -> view.library().equals(library) && view.name().equals(name))
        .findFirst();
  }

  /** The columns of a table or view, found in any case; none when there is no such table. */
  List<ColumnEntry> columns(String library, String table) {
    return libraries().stream()
        .filter(library::equalsIgnoreCase)
        .flatMap(found -> tables(found).stream().map(name -> Map.entry(found, name)))
        .filter(found -> found.getValue().equalsIgnoreCase(table))
        .map(found -> entry(found.getKey(), found.getValue()))
        .filter(Objects::nonNull)
        .flatMap(found -> found.columns().stream())
        .toList();
  }

  /** Libraries, their tables and columns, as nested maps for JSON. */
  List<Map<String, Object>> listing() {
    Map<String, List<Map<String, Object>>> tables = new LinkedHashMap<>();
    libraries().forEach(library -> tables.put(library, new ArrayList<>()));
    for (TableEntry table : entries()) {
      tables.computeIfAbsent(table.library(), library -> new ArrayList<>()).add(listed(table));
    }
    List<Map<String, Object>> answer = new ArrayList<>();
    tables.forEach((name, of) -> answer.add(Map.of("name", name, "tables", of)));
    return answer;
  }

  /** A table with what its source tells of its size. */
  private Map<String, Object> listed(TableEntry table) {
    Source source = sources.get(table.library());
    TableStatistics known = source == null ? null : source.statistics(table.name()).orElse(null);
    List<Map<String, Object>> columns = new ArrayList<>();
    for (ColumnEntry column : table.columns()) {
      Map<String, Object> listed = new LinkedHashMap<>();
      listed.put("name", column.name());
      listed.put("type", column.type());
      listed.put("nullable", column.isNullable());
      TableStatistics.Column figures = known == null ? null : known.columns().get(column.name());
      if (figures != null) {
        listed.put("distinct", Math.round(figures.distinct()));
        listed.put("nullFraction", figures.nullFraction());
      }
      columns.add(listed);
    }
    Map<String, Object> listed = new LinkedHashMap<>();
    listed.put("name", table.name());
    listed.put("type", table.kind());
    if (known != null) {
      listed.put("rows", Math.round(known.rows()));
    }
    listed.put("columns", columns);
    return listed;
  }

  /** All tables with their columns; what a source that is down would hold is left out. */
  List<TableEntry> entries() {
    List<TableEntry> entries = new ArrayList<>();
    for (String library : libraries()) {
      for (String name : tables(library)) {
        TableEntry entry = entry(library, name);
        if (entry != null) {
          entries.add(entry);
        }
      }
    }
    return entries;
  }

  private @org.jspecify.annotations.Nullable TableEntry entry(String library, String name) {
    try {
      SchemaPlus schema = root.getSubSchema(library);
      Table table = schema == null ? null : schema.tables().get(name);
      if (table == null) {
        return null;
      }
      List<ColumnEntry> columns = new ArrayList<>();
      RelDataType row = table.getRowType(QueryPlanner.TYPES);
      for (RelDataTypeField field : row.getFieldList()) {
        columns.add(
            new ColumnEntry(
                field.getName(),
                QueryPlanner.typeName(field.getType()),
                field.getType().isNullable()));
      }
      String kind =
          library.equals(INFORMATION_SCHEMA)
              ? "SYSTEM VIEW"
              : table.getJdbcTableType() == Schema.TableType.VIEW ? "VIEW" : "BASE TABLE";
      return new TableEntry(new TableShape(library, name, kind, ArrowTypes.shown(row)), columns);
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("table", library + "." + name)
          .log("the catalogue leaves out what cannot be read: {}", SqlErrors.reason(e));
      return null;
    }
  }
}
