package org.chengmai.engine.sql;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.rel.type.RelProtoDataType;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * {@code pg_catalog}: our catalogue as PostgreSQL's tables, for what psql, drivers and tools ask.
 * Libraries are schemas, our tables are tables and views; there are no keys, indexes or functions
 * to tell of. Numbers of things are made of their names, so that they are the same in every query.
 */
public final class PostgresCatalog extends AbstractSchema {
  /** What the questions of psql and the drivers are fitted to. */
  public static final String VERSION = "14.0";

  static final String NAME = "pg_catalog";

  /** The only database. */
  static final String DATABASE = "chengmai";

  /** The only role, which owns everything. */
  static final String OWNER = "chengmai";

  private static final int OWNER_OID = 10;
  private static final int HEAP = 2;
  private static final int TABLESPACE = 1663;

  /** The first number that PostgreSQL itself does not use. */
  private static final int FIRST_OID = 16_384;

  /** The tables that have rows. */
  private static final Set<String> FILLED =
      Set.of(
          "pg_namespace",
          "pg_class",
          "pg_attribute",
          "pg_type",
          "pg_database",
          "pg_roles",
          "pg_user",
          "pg_tablespace",
          "pg_am",
          "pg_settings",
          "pg_tables",
          "pg_views",
          "pg_get_keywords");

  private final Catalog catalog;
  private final Map<String, Table> tables = new LinkedHashMap<>();

  PostgresCatalog(Catalog catalog) {
    this.catalog = catalog;
    for (String line : shipped().split("\n")) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.strip().split("\\s+");
        List<String> columns = List.of(words).subList(1, words.length);
        tables.put(
            words[0],
            FILLED.contains(words[0])
                ? new VirtualTable(() -> rows(words[0], columns), columns)
                : VirtualTable.empty(columns));
      }
    }
  }

  private static String shipped() {
    try (InputStream file =
        Objects.requireNonNull(PostgresCatalog.class.getResourceAsStream("pg_catalog.txt"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes PostgreSQL's names of types known, bare and as {@code pg_catalog.text}. */
  static void addTypes(SchemaPlus root, SchemaPlus catalog) {
    for (PostgresType type : PostgresType.values()) {
      RelProtoDataType ours =
          factory -> factory.createTypeWithNullability(factory.createSqlType(sqlType(type)), true);
      root.add(type.typeName(), ours);
      catalog.add(type.typeName(), ours);
    }
  }

  private static SqlTypeName sqlType(PostgresType type) {
    return switch (type) {
      case BOOL -> SqlTypeName.BOOLEAN;
      case INT2 -> SqlTypeName.SMALLINT;
      case INT4, OID -> SqlTypeName.INTEGER;
      case INT8 -> SqlTypeName.BIGINT;
      case FLOAT4 -> SqlTypeName.REAL;
      case FLOAT8 -> SqlTypeName.DOUBLE;
      case NUMERIC -> SqlTypeName.DECIMAL;
      case BYTEA -> SqlTypeName.VARBINARY;
      case DATE -> SqlTypeName.DATE;
      case TIME -> SqlTypeName.TIME;
      case TIMESTAMP, TIMESTAMPTZ -> SqlTypeName.TIMESTAMP;
      default -> SqlTypeName.VARCHAR;
    };
  }

  @Override
  protected Map<String, Table> getTableMap() {
    return tables;
  }

  /** The number of a library, or of {@code library.table}. */
  static int oid(String name) {
    int hash =
        Hashing.murmur3_32_fixed()
            .hashString(name.toLowerCase(Locale.ROOT), StandardCharsets.UTF_8)
            .asInt();
    return FIRST_OID + (hash & 0x3fff_ffff);
  }

  private List<@Nullable Object[]> rows(String table, List<String> columns) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Map<String, Object> row : rows(table)) {
      @Nullable Object[] values = new Object[columns.size()];
      for (int i = 0; i < values.length; i++) {
        String column = columns.get(i);
        values[i] = row.getOrDefault(VirtualTable.name(column), absent(column));
      }
      rows.add(values);
    }
    return rows;
  }

  /** What a thing that there is not is: nothing, no, or zero. */
  private static @Nullable Object absent(String column) {
    int colon = column.indexOf(':');
    return switch (colon < 0 ? 't' : column.charAt(colon + 1)) {
      case 'b' -> false;
      case 's' -> (short) 0;
      case 'i' -> 0;
      case 'f' -> 0f;
      default -> null;
    };
  }

  private List<Map<String, Object>> rows(String table) {
    return switch (table) {
      case "pg_namespace" -> namespaces();
      case "pg_class" -> classes();
      case "pg_attribute" -> attributes();
      case "pg_type" -> types();
      case "pg_database" -> List.of(database());
      case "pg_roles" ->
          List.of(
              Map.of(
                  "oid",
                  OWNER_OID,
                  "rolname",
                  OWNER,
                  "rolinherit",
                  true,
                  "rolcanlogin",
                  true,
                  "rolconnlimit",
                  -1));
      case "pg_user" -> List.of(Map.of("usename", OWNER, "usesysid", OWNER_OID));
      case "pg_tablespace" -> List.of(Map.of("oid", TABLESPACE, "spcname", "pg_default"));
      case "pg_am" -> List.of(Map.of("oid", HEAP, "amname", "heap", "amtype", "t"));
      case "pg_settings" ->
          List.of(
              Map.of("name", "server_version", "setting", VERSION),
              Map.of("name", "max_index_keys", "setting", "32"));
      case "pg_tables" -> listed("tablename", "tableowner", false);
      case "pg_views" -> listed("viewname", "viewowner", true);
      // clients want one at least
      case "pg_get_keywords" -> List.of(Map.of("word", "ilike", "catcode", "T"));
      default -> throw new IllegalArgumentException(table);
    };
  }

  private static Map<String, Object> database() {
    return Map.of(
        "oid",
        oid("database:" + DATABASE),
        "datname",
        DATABASE,
        "datdba",
        OWNER_OID,
        "encoding",
        PostgresFunctions.UTF8,
        "datlocprovider",
        "c",
        "datallowconn",
        true,
        "datconnlimit",
        -1,
        "dattablespace",
        TABLESPACE,
        "datcollate",
        "C",
        "datctype",
        "C.UTF-8");
  }

  private List<Map<String, Object>> namespaces() {
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.add(Map.of("oid", oid(NAME), "nspname", NAME, "nspowner", OWNER_OID));
    for (String library : catalog.libraries()) {
      rows.add(Map.of("oid", oid(library), "nspname", library, "nspowner", OWNER_OID));
    }
    return rows;
  }

  private static int oid(Catalog.TableEntry table) {
    return oid(table.library() + "." + table.name());
  }

  private static boolean isView(Catalog.TableEntry table) {
    return !table.kind().equals("BASE TABLE");
  }

  private List<Map<String, Object>> classes() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Catalog.TableEntry table : catalog.entries()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("oid", oid(table));
      row.put("relname", table.name());
      row.put("relnamespace", oid(table.library()));
      row.put("relowner", OWNER_OID);
      row.put("relam", isView(table) ? 0 : HEAP);
      row.put("reltuples", -1f);
      row.put("relpersistence", "p");
      row.put("relkind", isView(table) ? "v" : "r");
      row.put("relnatts", (short) table.columns().size());
      row.put("relispopulated", true);
      row.put("relreplident", "d");
      rows.add(row);
    }
    return rows;
  }

  private List<Map<String, Object>> attributes() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Catalog.TableEntry table : catalog.entries()) {
      short number = 0;
      for (Catalog.ColumnEntry column : table.columns()) {
        number++;
        PostgresType type = PostgresType.of(column.type());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("attrelid", oid(table));
        row.put("attname", column.name());
        row.put("atttypid", type.oid());
        row.put("attlen", (short) type.size());
        row.put("attnum", number);
        row.put("atttypmod", -1);
        row.put("attstattarget", -1);
        row.put("attnotnull", !column.isNullable());
        row.put("attislocal", true);
        row.put("attidentity", "");
        row.put("attgenerated", "");
        row.put("attstorage", type.size() < 0 ? "x" : "p");
        row.put("attcompression", "");
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<Map<String, Object>> types() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (PostgresType type : PostgresType.values()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("oid", type.oid());
      row.put("typname", type.typeName());
      row.put("typnamespace", oid(NAME));
      row.put("typowner", OWNER_OID);
      row.put("typlen", (short) type.size());
      row.put("typtype", "b");
      row.put("typcategory", String.valueOf(type.category()));
      row.put("typisdefined", true);
      row.put("typdelim", ",");
      row.put("typtypmod", -1);
      rows.add(row);
    }
    return rows;
  }

  private List<Map<String, Object>> listed(String name, String owner, boolean isView) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Catalog.TableEntry table : catalog.entries()) {
      if (isView(table) == isView) {
        rows.add(Map.of("schemaname", table.library(), name, table.name(), owner, OWNER));
      }
    }
    return rows;
  }
}
