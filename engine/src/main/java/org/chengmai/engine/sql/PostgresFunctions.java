package org.chengmai.engine.sql;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.impl.ScalarFunctionImpl;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.jspecify.annotations.Nullable;

/**
 * The functions of PostgreSQL that its clients call in questions to the catalogue. Most tell of
 * things that there are not here, and answer null.
 */
public final class PostgresFunctions {
  static final int UTF8 = 6;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "server_version", PostgresCatalog.VERSION,
          "server_version_num", "140000",
          "server_encoding", "UTF8",
          "client_encoding", "UTF8",
          "search_path", SqlEngine.DEFAULT_LIBRARY,
          "timezone", "UTC",
          "standard_conforming_strings", "on",
          "max_index_keys", "32",
          "transaction_read_only", "on",
          "is_superuser", "off");

  private static final SqlOperatorTable BARE =
      SqlOperatorTables.of(
          Stream.<Stream<SqlOperator>>of(
                  absent("pg_get_expr", 2, 3),
                  absent("obj_description", 1, 2),
                  absent("shobj_description", 2),
                  absent("col_description", 2),
                  absent("pg_get_viewdef", 1, 2),
                  absent("pg_get_constraintdef", 1, 2),
                  absent("pg_get_indexdef", 1, 3),
                  absent("pg_get_triggerdef", 1, 2),
                  absent("pg_get_ruledef", 1, 2),
                  absent("pg_get_partkeydef", 1),
                  absent("pg_get_functiondef", 1),
                  absent("pg_get_function_result", 1),
                  absent("pg_get_function_arguments", 1),
                  absent("pg_get_function_identity_arguments", 1),
                  absent("pg_get_function_sqlbody", 1),
                  absent("pg_get_statisticsobjdef_columns", 1),
                  absent("pg_get_serial_sequence", 2),
                  absent("pg_tablespace_location", 1),
                  absent("pg_table_size", 1),
                  absent("pg_relation_size", 1),
                  absent("pg_total_relation_size", 1),
                  absent("pg_database_size", 1),
                  absent("pg_size_pretty", 1),
                  granted("pg_table_is_visible", 1),
                  granted("pg_type_is_visible", 1),
                  granted("pg_function_is_visible", 1),
                  granted("pg_operator_is_visible", 1),
                  granted("pg_opclass_is_visible", 1),
                  granted("pg_collation_is_visible", 1),
                  granted("pg_conversion_is_visible", 1),
                  granted("pg_ts_config_is_visible", 1),
                  granted("pg_ts_dict_is_visible", 1),
                  granted("has_schema_privilege", 2, 3),
                  granted("has_table_privilege", 2, 3),
                  granted("has_column_privilege", 3),
                  granted("has_any_column_privilege", 2, 3),
                  granted("has_database_privilege", 2, 3),
                  others())
              .flatMap(Function.identity())
              .toList());

  private PostgresFunctions() {}

  /** These functions, and {@code others} too, also by names such as {@code pg_catalog.version}. */
  static SqlOperatorTable table(SqlOperatorTable others) {
    SqlOperatorTable all = SqlOperatorTables.chain(BARE, others);
    return new SqlOperatorTable() {
      @Override
      public void lookupOperatorOverloads(
          SqlIdentifier name,
          @Nullable SqlFunctionCategory category,
          SqlSyntax syntax,
          List<SqlOperator> found,
          SqlNameMatcher matcher) {
        boolean isQualified =
            name.names.size() == 2
                && (name.names.get(0).equalsIgnoreCase(PostgresCatalog.NAME)
                    || name.names.get(0).equalsIgnoreCase(Catalog.INFORMATION_SCHEMA));
        all.lookupOperatorOverloads(
            isQualified ? new SqlIdentifier(name.names.get(1), name.getParserPosition()) : name,
            category,
            syntax,
            found,
            matcher);
      }

      @Override
      public List<SqlOperator> getOperatorList() {
        return all.getOperatorList();
      }
    };
  }

  private static Stream<SqlOperator> others() {
    return Stream.of(
        text("pg_get_userbyid", "owner", SqlTypeFamily.ANY),
        text("pg_encoding_to_char", "encoding", SqlTypeFamily.ANY),
        text("format_type", "formatType", SqlTypeFamily.ANY, SqlTypeFamily.ANY),
        text("current_database", "database"),
        text("current_schema", "schema"),
        function(
            "current_schemas",
            factory -> factory.createArrayType(factory.createSqlType(SqlTypeName.VARCHAR), -1),
            "schemas",
            SqlTypeFamily.ANY),
        function("_pg_expandarray", PostgresFunctions::place, "places", SqlTypeFamily.ANY),
        text("version", "version"),
        text("current_setting", "setting", SqlTypeFamily.CHARACTER),
        text("current_setting", "setting", SqlTypeFamily.CHARACTER, SqlTypeFamily.ANY),
        text(
            "set_config",
            "configured",
            SqlTypeFamily.CHARACTER,
            SqlTypeFamily.CHARACTER,
            SqlTypeFamily.ANY),
        text("quote_ident", "quoted", SqlTypeFamily.CHARACTER),
        text("array_to_string", "joined", any(2)),
        function("array_upper", SqlTypeName.INTEGER, "size", any(2)),
        function("array_length", SqlTypeName.INTEGER, "size", any(2)),
        function("is_any_of", SqlTypeName.BOOLEAN, "isAnyOf", any(2)),
        function("array_lower", SqlTypeName.INTEGER, "first", any(2)),
        function("pg_is_in_recovery", SqlTypeName.BOOLEAN, "no"),
        function("pg_relation_is_publishable", SqlTypeName.BOOLEAN, "no", any(1)),
        function("pg_backend_pid", SqlTypeName.INTEGER, "process"),
        function("to_regclass", SqlTypeName.INTEGER, "number", SqlTypeFamily.CHARACTER));
  }

  private static Stream<SqlOperator> absent(String name, int... arities) {
    return Arrays.stream(arities).mapToObj(arity -> text(name, "nothing", any(arity)));
  }

  private static Stream<SqlOperator> granted(String name, int... arities) {
    return Arrays.stream(arities)
        .mapToObj(arity -> function(name, SqlTypeName.BOOLEAN, "yes", any(arity)));
  }

  private static SqlTypeFamily[] any(int arity) {
    return Collections.nCopies(arity, SqlTypeFamily.ANY).toArray(SqlTypeFamily[]::new);
  }

  private static SqlOperator text(String name, String method, SqlTypeFamily... operands) {
    return function(name, SqlTypeName.VARCHAR, method, operands);
  }

  private static SqlOperator function(
      String name, SqlTypeName type, String method, SqlTypeFamily... operands) {
    return function(name, factory -> factory.createSqlType(type), method, operands);
  }

  private static SqlOperator function(
      String name,
      Function<RelDataTypeFactory, RelDataType> type,
      String method,
      SqlTypeFamily... operands) {
    Class<?>[] parameters =
        Collections.nCopies(operands.length, Object.class).toArray(Class[]::new);
    return new SqlUserDefinedFunction(
        new SqlIdentifier(name, SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        call ->
            call.getTypeFactory()
                .createTypeWithNullability(type.apply(call.getTypeFactory()), true),
        null,
        OperandTypes.operandMetadata(
            List.of(operands), factory -> List.of(), i -> "argument" + i, i -> false),
        ScalarFunctionImpl.create(SqlFunctions.method(PostgresFunctions.class, method, parameters)),
        SqlFunctionCategory.USER_DEFINED_FUNCTION,
        SqlSyntax.FUNCTION) {};
  }

  // called by generated code

  public static @Nullable String nothing(@Nullable Object a) {
    return null;
  }

  public static @Nullable String nothing(@Nullable Object a, @Nullable Object b) {
    return null;
  }

  public static @Nullable String nothing(
      @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    return null;
  }

  public static Boolean yes(@Nullable Object a) {
    return true;
  }

  public static Boolean yes(@Nullable Object a, @Nullable Object b) {
    return true;
  }

  public static Boolean yes(@Nullable Object a, @Nullable Object b, @Nullable Object c) {
    return true;
  }

  public static Boolean no() {
    return false;
  }

  public static Boolean no(@Nullable Object a) {
    return false;
  }

  public static Integer process() {
    return 1;
  }

  public static String owner(@Nullable Object oid) {
    return PostgresCatalog.OWNER;
  }

  public static String encoding(@Nullable Object number) {
    return number instanceof Number known && known.intValue() == UTF8 ? "UTF8" : "";
  }

  public static String database() {
    return PostgresCatalog.DATABASE;
  }

  public static String schema() {
    return SqlEngine.DEFAULT_LIBRARY;
  }

  public static List<String> schemas(@Nullable Object withCatalog) {
    return Boolean.TRUE.equals(withCatalog)
        ? List.of(PostgresCatalog.NAME, SqlEngine.DEFAULT_LIBRARY)
        : List.of(SqlEngine.DEFAULT_LIBRARY);
  }

  /** The elements of an array with their places; only of keys, which there are not. */
  public static Object @Nullable [] places(@Nullable Object array) {
    return null;
  }

  private static RelDataType place(RelDataTypeFactory factory) {
    return factory.builder().add("x", SqlTypeName.INTEGER).add("n", SqlTypeName.INTEGER).build();
  }

  public static String version() {
    return "PostgreSQL %s (Chengmai)".formatted(PostgresCatalog.VERSION);
  }

  /** The type's name as people write it; sizes are not kept here. */
  public static @Nullable String formatType(@Nullable Object oid, @Nullable Object modifier) {
    return oid instanceof Number number
        ? PostgresType.byOid(number.intValue()).map(PostgresType::words).orElse("???")
        : null;
  }

  public static @Nullable String setting(@Nullable Object name) {
    return name == null ? null : SETTINGS.get(name.toString().toLowerCase(java.util.Locale.ROOT));
  }

  public static @Nullable String setting(@Nullable Object name, @Nullable Object isMissingFine) {
    return setting(name);
  }

  /** Settings have no effect; the value is told as if it was taken. */
  public static @Nullable String configured(
      @Nullable Object name, @Nullable Object value, @Nullable Object isLocal) {
    return value == null ? null : value.toString();
  }

  public static @Nullable String quoted(@Nullable Object name) {
    return Optional.ofNullable(name)
        .map(Object::toString)
        .map(
            text ->
                text.matches("[a-z_][a-z0-9_]*") ? text : '"' + text.replace("\"", "\"\"") + '"')
        .orElse(null);
  }

  public static @Nullable String joined(@Nullable Object array, @Nullable Object separator) {
    return array instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(String.valueOf(separator)))
        : null;
  }

  public static @Nullable Integer size(@Nullable Object array, @Nullable Object dimension) {
    return array instanceof List<?> list && !list.isEmpty() ? list.size() : null;
  }

  /** {@code element = ANY (array)}. */
  public static @Nullable Boolean isAnyOf(@Nullable Object element, @Nullable Object array) {
    return element != null && array instanceof List<?> list ? list.contains(element) : null;
  }

  public static Integer first(@Nullable Object array, @Nullable Object dimension) {
    return 1;
  }

  /** The number of a table by its name, whether or not there is one. */
  public static @Nullable Integer number(@Nullable Object name) {
    if (name == null) {
      return null;
    }
    String text = name.toString().replace("\"", "");
    return PostgresCatalog.oid(text.contains(".") ? text : SqlEngine.DEFAULT_LIBRARY + "." + text);
  }
}
