package org.chengmai.engine.sql;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.Lex;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.hint.HintPredicates;
import org.apache.calcite.rel.hint.HintStrategyTable;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;
import org.apache.calcite.sql.validate.SqlNameMatchers;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.TableStatistics;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From SQL text to a {@link Plan}: Calcite's parser, validator, converter and optimizer with our
 * settings. Safe for use by several threads.
 */
final class QueryPlanner {
  static final JavaTypeFactory TYPES = new SourceTypes();

  /** Names keep their spelling and are found in any case; double quotes quote. */
  private static final SqlParser.Config PARSER =
      SqlParser.config()
          .withParserFactory(SqlBabelParserImpl.FACTORY)
          .withLex(Lex.MYSQL_ANSI)
          .withConformance(SqlConformanceEnum.BABEL);

  /**
   * Babel's leniency, without columns that are neither grouped nor aggregated and without aliases
   * that refer to each other.
   */
  private static final SqlConformance CONFORMANCE =
      new SqlDelegatingConformance(SqlConformanceEnum.BABEL) {
        @Override
        public boolean isNonStrictGroupBy() {
          return false;
        }

        @Override
        public SelectAliasLookup isSelectAlias() {
          return SelectAliasLookup.UNSUPPORTED;
        }
      };

  private static final Logger LOG = LoggerFactory.getLogger(QueryPlanner.class);
  private static final SqlOperatorTable FUNCTIONS = SqlFunctions.table();
  private static final HintStrategyTable HINTS =
      HintStrategyTable.builder()
          .hintStrategy(FreshSnapshots.LIVE, HintPredicates.TABLE_SCAN)
          .build();

  private final CalciteSchema root;
  private final String defaultLibrary;
  private final Policies policies;
  private final CalciteConnectionConfigImpl config;

  QueryPlanner(CalciteSchema root, String defaultLibrary, Policies policies) {
    this.root = root;
    this.defaultLibrary = defaultLibrary;
    this.policies = policies;
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "false");
    properties.setProperty(
        CalciteConnectionProperty.DEFAULT_NULL_COLLATION.camelName(), NullCollation.HIGH.name());
    properties.setProperty(CalciteConnectionProperty.TIME_ZONE.camelName(), "UTC");
    this.config = new CalciteConnectionConfigImpl(properties);
  }

  /** A query's parse tree; refuses everything that is no query. */
  SqlNode parse(String sql) throws SqlParseException {
    return parse(BoundQuery.of(sql));
  }

  /** The same, with the values of its parameters as literals. */
  SqlNode parse(BoundQuery query) throws SqlParseException {
    return Placeholders.replaced(
        template(query.sql()),
        (parameter, place) -> {
          int number = parameter.getIndex();
          if (number >= query.values().size()) {
            throw new ChengmaiException(
                ErrorCode.INVALID_INPUT,
                "the query has a parameter (?) and no value for it; write the value");
          }
          return ParameterValue.literal(
              query.values().get(number),
              query.types().get(number),
              place != Placeholders.Place.TYPED,
              parameter.getParserPosition());
        });
  }

  /** The parse tree of a query that may have parameters, counted from 0. */
  private static SqlNode template(String sql) throws SqlParseException {
    Placeholders places = Placeholders.of(SqlText.normal(PostgresSyntax.normal(sql)));
    SqlNode node = places.numbered(PostgresSyntax.normal(tree(places.text())));
    if (!node.isA(SqlKind.QUERY)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "only queries run here (SELECT, WITH, VALUES, EXPLAIN), not %s"
              .formatted(node.getKind().sql));
    }
    return node;
  }

  /**
   * A query with the types of its parameters: those that are given, else what fits where they
   * stand, else texts.
   *
   * @param given types by their names in SQL; empty ones, and those of further parameters, are open
   */
  PreparedQuery prepare(String sql, List<String> given) {
    try {
      return new ParameterTypes(
              given, () -> template(sql), () -> validator(List.of(defaultLibrary)))
          .prepared(sql);
    } catch (SqlParseException e) {
      throw SqlErrors.translate(e);
    }
  }

  private static SqlNode tree(String sql) throws SqlParseException {
    try {
      return SqlParser.create(sql, PARSER).parseStmt();
    } catch (SqlParseException e) {
      String quoted = SqlText.quotingNames(sql);
      if (quoted.equals(sql)) {
        throw e;
      }
      try {
        return SqlParser.create(quoted, PARSER).parseStmt();
      } catch (SqlParseException again) {
        // the first error has the positions of the text as it was written
        throw e;
      }
    }
  }

  /** The row type of a query; names without a library are looked for in {@code path}. */
  RelDataType type(String sql, List<String> path) {
    try {
      SqlValidator validator = validator(path);
      return validator.getValidatedNodeType(validator.validate(parse(sql)));
    } catch (SqlParseException e) {
      throw SqlErrors.translate(e);
    }
  }

  List<Table.Column> columns(String sql) {
    return columns(type(sql, List.of(defaultLibrary)));
  }

  /**
   * The plan of a query.
   *
   * @param parameters of the query
   * @throws Parameters.Unfit when the query must be planned without parameters
   */
  Plan plan(SqlNode query, PlanContext context, Parameters parameters) {
    RelOptCluster cluster = cluster();
    SqlValidator validator = validator(List.of(defaultLibrary));
    SqlNode valid = validator.validate(query);
    SqlToRelConverter converter = converter(validator, List.of(defaultLibrary), cluster);
    RelRoot logical = converted(converter, valid);
    Rewrites rewrites =
        new Rewrites(cluster.getRexBuilder(), context.now(), defaultLibrary, parameters, policies);
    RelRoot root = logical.withRel(rewrites.apply(VirtualTable.withoutEmpty(logical.rel)));
    if (context.execution() == Execution.ENUMERABLE) {
      return rowByRow(root, "", rewrites, parameters);
    }
    if (VirtualTable.isIn(root.rel)) {
      return rowByRow(root, "tables of the engine itself are in no source", rewrites, parameters);
    }
    try {
      Map<String, Source> sources = context.snapshots().with(context.libraries());
      return new FederatedPlanner(
              root.withRel(context.snapshots().apply(root.rel)),
              sources,
              new Estimates(table -> statistics(table, sources), parameters),
              context.execution(),
              rewrites.usesClock())
          .plan();
    } catch (Cut.Impossible e) {
      return rowByRow(root, String.valueOf(e.getMessage()), rewrites, parameters);
    }
  }

  /**
   * A query's relation without sub-queries, in which views are read as if they were tables; names
   * without a library are looked for in {@code path}.
   */
  RelNode overViews(String sql, List<String> path) {
    try {
      RelOptCluster cluster = cluster();
      CalciteCatalogReader catalog = catalog(path);
      SqlValidator validator = validator(path);
      RelNode rel =
          converted(
                  converter(
                      validator,
                      path,
                      cluster,
                      (type, view, schemaPath, viewPath) ->
                          RelRoot.of(
                              LogicalTableScan.create(
                                  cluster,
                                  Objects.requireNonNull(catalog.getTable(viewPath)),
                                  List.of()),
                              SqlKind.SELECT)),
                  validator.validate(parse(sql)))
              .project();
      return Optimizer.withoutSubQueries(rel);
    } catch (SqlParseException e) {
      throw SqlErrors.translate(e);
    } catch (Cut.Impossible e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "where columns come from cannot be told of " + e.getMessage(),
          e);
    }
  }

  private static RelOptCluster cluster() {
    RelOptCluster cluster =
        RelOptCluster.create(EnumerablePlanner.volcano(), new RexBuilder(TYPES));
    cluster.setMetadataProvider(DefaultRelMetadataProvider.INSTANCE);
    return cluster;
  }

  /**
   * A query's relation; one that Calcite converts with columns mixed up is refused, as a wrong
   * answer must not come of it.
   */
  private static RelRoot converted(SqlToRelConverter converter, SqlNode query) {
    RelRoot root = null;
    try {
      root = converter.convertQuery(query, false, true);
    } catch (AssertionError e) {
      LOG.debug("not converted: {}", e.getMessage());
    }
    if (root == null || !Optimizer.isValid(root.rel)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "a sub-query of this query cannot be planned; write it as a join");
    }
    return root;
  }

  private static EnumerablePlan rowByRow(
      RelRoot root, String reason, Rewrites rewrites, Parameters parameters) {
    if (!parameters.isEmpty()) {
      throw new Parameters.Unfit("Calcite's own code wants literals");
    }
    if (SecureBarrier.isIn(root.rel)) {
      throw new ChengmaiException(
          ErrorCode.FORBIDDEN,
          "the query reads a table of which you may not see all rows, and runs row by row (%s), which does not keep rows apart; leave that part out"
              .formatted(reason));
    }
    return EnumerablePlanner.plan(root, reason, rewrites.usesClock());
  }

  private static Optional<TableStatistics> statistics(
      RelOptTable table, Map<String, Source> sources) {
    List<String> name = table.getQualifiedName();
    Source source = sources.get(name.get(0));
    return source == null ? Optional.empty() : source.statistics(name.get(name.size() - 1));
  }

  static List<SqlTypeName> types(RelDataType row) {
    return row.getFieldList().stream().map(field -> field.getType().getSqlTypeName()).toList();
  }

  private CalciteCatalogReader catalog(List<String> path) {
    return new CalciteCatalogReader(
        root,
        SqlNameMatchers.withCaseSensitive(false),
        List.of(path, List.of(PostgresCatalog.NAME), List.of()),
        TYPES,
        config) {};
  }

  private SqlValidator validator(List<String> path) {
    return SqlValidatorUtil.newValidator(
        FUNCTIONS,
        catalog(path),
        TYPES,
        SqlValidator.Config.DEFAULT
            .withConformance(CONFORMANCE)
            .withDefaultNullCollation(NullCollation.HIGH)
            .withIdentifierExpansion(true)
            .withTypeCoercionEnabled(true));
  }

  private SqlToRelConverter converter(
      SqlValidator validator, List<String> path, RelOptCluster cluster) {
    return converter(
        validator,
        path,
        cluster,
        (type, sql, schemaPath, viewPath) -> expand(sql, schemaPath, cluster));
  }

  private SqlToRelConverter converter(
      SqlValidator validator,
      List<String> path,
      RelOptCluster cluster,
      RelOptTable.ViewExpander views) {
    return new SqlToRelConverter(
        views,
        validator,
        catalog(path),
        cluster,
        StandardConvertletTable.INSTANCE,
        SqlToRelConverter.config()
            .withExpand(false)
            .withTrimUnusedFields(true)
            // merged projections mix up the columns beside correlated sub-queries (CALCITE-7405)
            .addRelBuilderConfigTransform(builder -> builder.withBloat(-1))
            .withHintStrategyTable(HINTS));
  }

  private RelRoot expand(String sql, List<String> path, RelOptCluster cluster) {
    try {
      SqlValidator validator = validator(path);
      SqlNode valid = validator.validate(parse(sql));
      return converter(validator, path, cluster).convertQuery(valid, false, true);
    } catch (SqlParseException e) {
      throw SqlErrors.translate(e);
    }
  }

  static List<Table.Column> columns(RelDataType row) {
    return row.getFieldList().stream().map(QueryPlanner::column).toList();
  }

  private static Table.Column column(RelDataTypeField field) {
    return new Table.Column(field.getName(), typeName(field.getType()));
  }

  static String typeName(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.CHAR ? "VARCHAR" : type.getSqlTypeName().getName();
  }
}
