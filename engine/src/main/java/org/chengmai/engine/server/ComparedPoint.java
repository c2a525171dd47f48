package org.chengmai.engine.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.Table.Column;
import org.chengmai.indicators.definition.Measure;
import org.jspecify.annotations.Nullable;

/**
 * A point as routes answer it.
 *
 * @param grade by its value and readings; absent where none holds
 * @param compared by the measures' texts
 */
record ComparedPoint(IndicatorPoint point, @Nullable Grade grade, Map<String, Compared> compared) {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("code", "VARCHAR"),
          new Column("region", "VARCHAR"),
          new Column("dimensions", "VARCHAR"),
          new Column("period_start", "TIMESTAMP"),
          new Column("grain", "VARCHAR"),
          new Column("value", "DOUBLE"),
          new Column("numerator", "DOUBLE"),
          new Column("denominator", "DOUBLE"),
          new Column("n", "BIGINT"),
          new Column("trust", "VARCHAR"),
          new Column("grade", "VARCHAR"),
          new Column("version", "BIGINT"),
          new Column("revision", "BIGINT"),
          new Column("computed_at", "TIMESTAMP"));

  /** Points as rows, with two columns for each measure: its number, and why there is none. */
  static Table table(List<ComparedPoint> points, Collection<Measure> measures) {
    List<Column> columns = new ArrayList<>(COLUMNS);
    for (Measure measure : measures) {
      columns.add(new Column(measure.toString(), "DOUBLE"));
      columns.add(new Column(measure + "_cause", "VARCHAR"));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>(points.size());
    points.forEach(point -> rows.add(point.row(measures)));
    return new Table(columns, rows);
  }

  private List<@Nullable Object> row(Collection<Measure> measures) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(point.key().code());
    row.add(point.key().region());
    row.add(point.key().dimensions().isEmpty() ? null : point.key().dimensionText());
    row.add(point.periodStart());
    row.add(point.grain().toString());
    row.add(point.value());
    row.add(point.numerator());
    row.add(point.denominator());
    row.add(point.n());
    row.add(point.trust().name().toLowerCase(Locale.ROOT));
    row.add(grade == null ? null : grade.key());
    row.add((long) point.version());
    row.add((long) point.revision());
    row.add(point.computedAt());
    for (Measure measure : measures) {
      Compared known = compared.get(measure.toString());
      row.add(known == null ? null : known.value());
      row.add(known == null ? null : known.cause());
    }
    return row;
  }
}
