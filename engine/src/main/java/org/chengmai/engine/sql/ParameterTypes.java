package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidator;
import org.chengmai.connectors.arrow.ArrowTypes;
import org.jspecify.annotations.Nullable;

/** Finds out the types of a query's parameters. Used once. */
final class ParameterTypes {
  /** The query with parameters; each call gives a new tree, because validation changes it. */
  interface Template {
    SqlNode parse() throws SqlParseException;
  }

  private static final String TEXT = SqlTypeName.VARCHAR.getName();

  private final Template template;
  private final Supplier<SqlValidator> validators;

  /** By number; null for those that are open yet. */
  private final List<@Nullable String> types = new ArrayList<>();

  /** How many the query has; more types may be given. */
  private int count;

  /** Those of the tree that is looked at. */
  private final List<SqlDynamicParam> open = new ArrayList<>();

  ParameterTypes(List<String> given, Template template, Supplier<SqlValidator> validators) {
    this.template = template;
    this.validators = validators;
    given.forEach(type -> types.add(type.isEmpty() ? null : type));
  }

  PreparedQuery prepared(String sql) throws SqlParseException {
    SqlNode query = typed();
    while (!open.isEmpty()) {
      infer(query);
      query = typed();
    }
    types.subList(count, types.size()).clear();
    for (int i = 0; i < types.size(); i++) {
      types.set(i, Objects.requireNonNullElse(types.get(i), TEXT));
    }
    SqlValidator validator = validators.get();
    RelDataType row = validator.getValidatedNodeType(validator.validate(query));
    return new PreparedQuery(
        sql,
        types.stream().map(Objects::requireNonNull).toList(),
        QueryPlanner.columns(row),
        ArrowTypes.shown(row));
  }

  /** A new tree in which parameters of known types are cast to these. */
  private SqlNode typed() throws SqlParseException {
    open.clear();
    return Placeholders.replaced(
        template.parse(),
        (parameter, place) -> {
          count = Math.max(count, parameter.getIndex() + 1);
          while (types.size() <= parameter.getIndex()) {
            types.add(null);
          }
          if (place == Placeholders.Place.LIMIT) {
            types.set(parameter.getIndex(), SqlTypeName.BIGINT.getName());
            return parameter;
          }
          String type = types.get(parameter.getIndex());
          if (type == null) {
            open.add(parameter);
            return parameter;
          }
          SqlParserPos position = parameter.getParserPosition();
          return ParameterValue.cast(
              parameter, new SqlBasicTypeNameSpec(SqlTypeName.valueOf(type), position), position);
        });
  }

  /** Finds the type of one open parameter at least, or throws. */
  private void infer(SqlNode query) {
    SqlValidator validator = validators.get();
    try {
      SqlNode unused = validator.validate(query);
    } catch (CalciteContextException e) {
      SqlDynamicParam unclear =
          open.stream()
              .filter(
                  parameter ->
                      parameter.getParserPosition().getLineNum() == e.getPosLine()
                          && parameter.getParserPosition().getColumnNum() == e.getPosColumn())
              .findFirst()
              .orElseThrow(() -> e);
      types.set(unclear.getIndex(), TEXT);
      return;
    }
    for (SqlDynamicParam parameter : open) {
      if (types.get(parameter.getIndex()) == null) {
        types.set(parameter.getIndex(), name(validator.getValidatedNodeTypeIfKnown(parameter)));
      }
    }
  }

  private static String name(@Nullable RelDataType type) {
    if (type == null) {
      return TEXT;
    }
    SqlTypeName name =
        switch (type.getSqlTypeName()) {
          case BOOLEAN, INTEGER, BIGINT, DECIMAL, DOUBLE, DATE, TIME, TIMESTAMP, VARBINARY ->
              type.getSqlTypeName();
          case TINYINT, SMALLINT -> SqlTypeName.INTEGER;
          case REAL, FLOAT -> SqlTypeName.DOUBLE;
          case TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> SqlTypeName.TIMESTAMP;
          case BINARY -> SqlTypeName.VARBINARY;
          default -> SqlTypeName.VARCHAR;
        };
    return name.getName();
  }
}
