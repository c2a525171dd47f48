package org.chengmai.engine.sql;

import java.util.List;
import java.util.Map;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.arrow.ArrowTypes;
import org.chengmai.connectors.pushdown.SourceSchema;

/**
 * A Trino whose catalogues hold our libraries: it computes whole queries, after our own rewriting.
 * What it cannot take runs as if it were not there. Safe for use by several threads.
 */
public final class TrinoCluster implements Execution, AutoCloseable {
  private final Source source;
  private final SourceSchema schema;
  private final Map<String, String> catalogs;

  /**
   * @param source how it is asked; closed with this
   * @param catalogs {@code catalog.schema} in Trino by our library
   */
  public TrinoCluster(Source source, Map<String, String> catalogs) {
    this.source = source;
    this.schema = (SourceSchema) source.schema(CalciteSchema.createRootSchema(false).plus());
    this.catalogs = Map.copyOf(catalogs);
  }

  Source source() {
    return source;
  }

  /** The whole relation as one question. */
  List<FederatedPlan.Step> ask(RelNode rel, Estimates estimates) {
    RelNode named = Cut.named(rel);
    return List.of(
        new Fragment(
            "f0",
            source,
            schema.dialect,
            TrinoSql.of(named, schema.dialect, catalogs),
            ArrowTypes.schema(named.getRowType()),
            estimates.rows(rel),
            null,
            1,
            "",
            Reads.of(named)));
  }

  /** Why Trino does not compute a relation; empty when it does. */
  String refusal(RelNode rel) {
    if (rel instanceof TableScan scan) {
      String library = scan.getTable().getQualifiedName().get(0);
      return Cut.site(scan) != null && catalogs.containsKey(library)
          ? ""
          : "library %s has no catalogue there".formatted(library);
    }
    if (!(rel instanceof Values values ? isTyped(values) : schema.pushdown().takes(rel))
        || rel instanceof Aggregate aggregate && !hasPlainKeys(aggregate)) {
      return "it does not take " + Cut.described(rel);
    }
    for (RelDataTypeField field : rel.getRowType().getFieldList()) {
      SqlTypeName type = field.getType().getSqlTypeName();
      if (type == SqlTypeName.TIME || type == SqlTypeName.ANY || type == SqlTypeName.OTHER) {
        return "column %s of type %s".formatted(field.getName(), field.getType());
      }
    }
    return rel.getInputs().stream()
        .map(this::refusal)
        .filter(reason -> !reason.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** It needs a row to know the types, and a value in each column. */
  private static boolean isTyped(Values values) {
    return !values.getTuples().isEmpty()
        && values.getTuples().stream().flatMap(List::stream).noneMatch(RexLiteral::isNull);
  }

  /** Several grouping sets are of columns, never of expressions. */
  private static boolean hasPlainKeys(Aggregate aggregate) {
    return Aggregate.isSimple(aggregate)
        || !(aggregate.getInput() instanceof Project input)
        || aggregate.getGroupSet().asList().stream()
            .allMatch(key -> input.getProjects().get(key) instanceof RexInputRef);
  }

  @Override
  public void close() {
    source.close();
  }
}
