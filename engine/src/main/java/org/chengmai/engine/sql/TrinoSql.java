package org.chengmai.engine.sql;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/** A query's SQL for Trino; called by Calcite by reflection, hence public. */
public final class TrinoSql extends SourceSql {
  private final Map<String, String> catalogs;

  private TrinoSql(SqlDialect dialect, Map<String, String> catalogs) {
    super(dialect);
    this.catalogs = catalogs;
  }

  static String of(RelNode rel, SqlDialect dialect, Map<String, String> catalogs) {
    return new TrinoSql(dialect, catalogs).write(rel);
  }

  /** Our library is a schema of one of Trino's catalogues. */
  @Override
  public Result visit(TableScan scan) {
    List<String> name = scan.getTable().getQualifiedName();
    List<String> place =
        Splitter.on('.').splitToList(Objects.requireNonNull(catalogs.get(name.get(0))));
    return result(
        new SqlIdentifier(
            ImmutableList.<String>builder().addAll(place).add(name.get(name.size() - 1)).build(),
            SqlParserPos.ZERO),
        ImmutableList.of(Clause.FROM),
        scan,
        null);
  }
}
