package org.chengmai.engine.sql;

import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Our types, and those of sources' tables: Calcite's JDBC adapter cuts the digits of every decimal
 * to its own default, so one that has as many may have had more.
 */
final class SourceTypes extends JavaTypeFactoryImpl {
  private static final int CUT = RelDataTypeSystem.DEFAULT.getMaxPrecision(SqlTypeName.DECIMAL);

  SourceTypes() {
    super(SqlTypes.INSTANCE);
  }

  /** Called for the row type of each table that a source has. */
  @Override
  public RelDataType copyType(RelDataType type) {
    if (!type.isStruct()) {
      return super.copyType(type);
    }
    Builder row = builder();
    for (RelDataTypeField field : type.getFieldList()) {
      row.add(field.getName(), whole(super.copyType(field.getType())));
    }
    return createTypeWithNullability(row.build(), type.isNullable());
  }

  private RelDataType whole(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.DECIMAL && type.getPrecision() == CUT
        ? createTypeWithNullability(
            createSqlType(
                SqlTypeName.DECIMAL,
                getTypeSystem().getMaxPrecision(SqlTypeName.DECIMAL),
                type.getScale()),
            type.isNullable())
        : type;
  }
}
