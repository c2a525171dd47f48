package org.chengmai.connectors.pushdown;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.calcite.adapter.jdbc.JdbcSchema;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Schemas;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.lookup.IgnoreCaseLookup;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.schema.lookup.Lookup;
import org.apache.calcite.sql.SqlDialect;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A source's tables in Calcite. Safe for use by several threads.
 *
 * <p>The catalogue is read when first needed and again after half a minute, so that a new table
 * appears without a restart and planning does not ask the source for every name.
 */
public final class SourceSchema extends JdbcSchema {
  private static final long FRESH_NANOS = Duration.ofSeconds(30).toNanos();

  private record Names(Set<String> names, long readAt, Map<String, Table> tables) {}

  /** Columns of JDBC's {@code getTables}. */
  private static final int TABLE_NAME = 3;

  private static final int TABLE_TYPE = 4;

  /** What databases list beside tables and views, though nothing can be selected from it. */
  private static final Set<String> NO_ROWS =
      Set.of("INDEX", "PARTITIONED INDEX", "SEQUENCE", "TYPE");

  private final Lookup<Table> source = super.tables();
  private final String library;
  private final Pushdown pushdown;
  private final @Nullable String catalog;
  private final @Nullable String schema;
  private final Set<String> hidden;
  private volatile @Nullable Names known;

  private SourceSchema(
      String library,
      DataSource data,
      SqlDialect dialect,
      Pushdown pushdown,
      PushdownConvention convention,
      @Nullable String catalog,
      @Nullable String schema,
      Set<String> hidden) {
    super(data, dialect, convention, catalog, schema);
    this.library = library;
    this.pushdown = pushdown;
    this.catalog = catalog;
    this.schema = schema;
    this.hidden = Set.copyOf(hidden);
  }

  /**
   * @param data where the SQL goes; wrapped so that it can be cancelled
   * @param schema the schema inside the database, or null for its default
   */
  public static SourceSchema create(
      SchemaPlus parent,
      String library,
      DataSource data,
      SqlDialect dialect,
      Pushdown pushdown,
      @Nullable String catalog,
      @Nullable String schema) {
    return create(parent, library, data, dialect, pushdown, catalog, schema, Set.of());
  }

  /**
   * The same without some tables.
   *
   * @param hidden names of what the database itself has among the tables
   */
  public static SourceSchema create(
      SchemaPlus parent,
      String library,
      DataSource data,
      SqlDialect dialect,
      Pushdown pushdown,
      @Nullable String catalog,
      @Nullable String schema,
      Set<String> hidden) {
    Expression expression = Schemas.subSchemaExpression(parent, library, JdbcSchema.class);
    return new SourceSchema(
        library,
        new WatchedDataSource(data),
        dialect,
        pushdown,
        new PushdownConvention(dialect, expression, library, pushdown),
        catalog,
        schema,
        hidden);
  }

  public String library() {
    return library;
  }

  /** What may be part of the SQL that this source gets. */
  public Pushdown pushdown() {
    return pushdown;
  }

  @Override
  public Lookup<Table> tables() {
    return new IgnoreCaseLookup<>() {
      @Override
      public @Nullable Table get(String name) {
        Names names = names();
        // the source's own lookup takes '_' for a pattern, so only an exact name is asked for
        return names.names.contains(name)
            ? names.tables.computeIfAbsent(name, SourceSchema.this::read)
            : null;
      }

      @Override
      public Set<String> getNames(LikePattern pattern) {
        return names().names.stream().filter(pattern.matcher()::apply).collect(Collectors.toSet());
      }
    };
  }

  /** Reads the catalogue anew when it is next needed, because a table has changed. */
  public void refresh() {
    known = null;
  }

  private @Nullable Table read(String name) {
    return named(() -> source.get(name));
  }

  /** The errors of reading the catalogue with the library's name. */
  private <T> T named(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ChengmaiException e) {
      throw e;
    } catch (RuntimeException e) {
      Throwable inner = e;
      while (inner.getCause() != null) {
        inner = inner.getCause();
      }
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "source %s: its catalogue cannot be read: %s".formatted(library, inner.getMessage()),
          e);
    }
  }

  private Names names() {
    Names names = known;
    if (names == null || System.nanoTime() - names.readAt > FRESH_NANOS) {
      Set<String> all = new HashSet<>(named(() -> source.getNames(LikePattern.any())));
      all.removeAll(withoutRows());
      all.removeAll(hidden);
      names = new Names(Set.copyOf(all), System.nanoTime(), new ConcurrentHashMap<>());
      known = names;
    }
    return names;
  }

  private Set<String> withoutRows() {
    Set<String> names = new HashSet<>();
    try (Connection connection = getDataSource().getConnection();
        ResultSet entries =
            connection
                .getMetaData()
                .getTables(catalog, schema, "%", NO_ROWS.toArray(String[]::new))) {
      while (entries.next()) {
        // Some drivers pay no heed to the types that are asked for.
        if (NO_ROWS.contains(entries.getString(TABLE_TYPE))) {
          names.add(entries.getString(TABLE_NAME));
        }
      }
      return names;
    } catch (SQLException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "source %s: its catalogue cannot be read: %s".formatted(library, e.getMessage()),
          e);
    }
  }
}
