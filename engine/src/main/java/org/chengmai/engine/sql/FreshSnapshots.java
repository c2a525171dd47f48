package org.chengmai.engine.sql;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.calcite.adapter.jdbc.JdbcTable;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.RelOptTableImpl;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.hint.RelHint;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractTable;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.arrow.ArrowTypes;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots that are young enough at one moment, put into plans in place of the live tables.
 * Immutable.
 */
final class FreshSnapshots {
  /** A hint after a table's name that asks the source itself. */
  static final String LIVE = "LIVE";

  static final FreshSnapshots NONE = new FreshSnapshots(Map.of(), null, Instant.EPOCH);

  /** A snapshot and the table by which DuckDB reads it. */
  record One(SnapshotFiles.Kept kept, Table table) {}

  private final Map<String, One> byTable;
  private final @Nullable Source source;
  private final Instant now;

  /**
   * @param byTable by library and table with a dot between
   * @param source reads them; null when there are none
   */
  FreshSnapshots(Map<String, One> byTable, @Nullable Source source, Instant now) {
    this.byTable = Map.copyOf(byTable);
    this.source = source;
    this.now = now;
  }

  /** Equal at two moments if plans of the one hold at the other. */
  String key() {
    return new TreeMap<>(byTable)
        .entrySet().stream()
            .map(one -> one.getKey() + one.getValue().kept().takenAt())
            .collect(Collectors.joining(" "));
  }

  /** The libraries and that of the snapshots. */
  Map<String, Source> with(Map<String, Source> sources) {
    if (source == null) {
      return sources;
    }
    Map<String, Source> all = new HashMap<>(sources);
    all.put(source.library(), source);
    return all;
  }

  RelNode apply(RelNode rel) {
    return byTable.isEmpty()
        ? rel
        : rel.accept(
            new ScanShuttle() {
              @Override
              RelNode replaced(TableScan scan) {
                return FreshSnapshots.this.replaced(scan);
              }
            });
  }

  /** Whether a table in a plan is a snapshot; its name then is the live table's. */
  static boolean isSnapshot(TableScan scan) {
    return scan.getTable().maybeUnwrap(InPlan.class).isPresent();
  }

  /** What EXPLAIN tells of the snapshots that a relation reads; empty when it reads none. */
  static String told(RelNode rel) {
    if (rel instanceof TableScan scan) {
      return scan.getTable().maybeUnwrap(InPlan.class).map(InPlan::told).orElse("");
    }
    return rel.getInputs().stream()
        .map(FreshSnapshots::told)
        .filter(text -> !text.isEmpty())
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private RelNode replaced(TableScan scan) {
    RelOptTable live = scan.getTable();
    String name = String.join(".", live.getQualifiedName());
    One one = byTable.get(name);
    boolean isLive =
        scan.getHints().stream().anyMatch(hint -> LIVE.equalsIgnoreCase(hint.hintName));
    if (one == null
        || isLive
        || !SnapshotFiles.shape(ArrowTypes.schema(scan.getRowType())).equals(one.kept().shape())) {
      return scan;
    }
    InPlan table = new InPlan(one.table(), scan.getRowType(), told(name, one.kept().takenAt()));
    return LogicalTableScan.create(
        scan.getCluster(),
        RelOptTableImpl.create(
            live.getRelOptSchema(),
            scan.getRowType(),
            List.of(Objects.requireNonNull(source).library(), name),
            table,
            type -> {
              throw new UnsupportedOperationException();
            }),
        List.<RelHint>of());
  }

  private String told(String name, Instant takenAt) {
    Duration age = Duration.between(takenAt, now);
    return "snapshot of %s, taken at %s, %s old"
        .formatted(
            name,
            takenAt.truncatedTo(ChronoUnit.SECONDS),
            age.toMinutes() < 2 ? age.toSeconds() + " s" : age.toMinutes() + " min");
  }

  /** A snapshot in a plan: the live table's row type over the table that DuckDB reads. */
  private static final class InPlan extends AbstractTable {
    private final Table table;
    private final RelDataType type;
    private final String told;

    InPlan(Table table, RelDataType type, String told) {
      this.table = table;
      this.type = type;
      this.told = told;
    }

    String told() {
      return told;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory types) {
      return type;
    }

    @Override
    public <C> @Nullable C unwrap(Class<C> wanted) {
      return wanted == JdbcTable.class ? wanted.cast(table) : super.unwrap(wanted);
    }
  }
}
