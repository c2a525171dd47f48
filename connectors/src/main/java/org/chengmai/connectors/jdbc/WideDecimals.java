package org.chengmai.connectors.jdbc;

import org.apache.calcite.rel.type.DelegatingTypeSystem;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.type.SqlTypeName;

/** A dialect's types with all digits of our decimals; Calcite would write casts to at most 19. */
final class WideDecimals extends DelegatingTypeSystem {
  private static final int DIGITS = 38;

  private WideDecimals(RelDataTypeSystem dialect) {
    super(dialect);
  }

  static SqlDialect.Context in(SqlDialect.Context dialect) {
    return dialect.withDataTypeSystem(new WideDecimals(dialect.dataTypeSystem()));
  }

  @Override
  public int getMaxPrecision(SqlTypeName type) {
    return type == SqlTypeName.DECIMAL ? DIGITS : super.getMaxPrecision(type);
  }

  @Override
  public int getMaxScale(SqlTypeName type) {
    return type == SqlTypeName.DECIMAL ? DIGITS : super.getMaxScale(type);
  }
}
