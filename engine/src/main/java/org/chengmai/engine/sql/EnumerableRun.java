package org.chengmai.engine.sql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/** One run of Calcite's generated code. Sources are asked when the first row is. */
final class EnumerableRun implements PlannedRows {
  private final EnumerablePlan plan;
  private final String user;
  private final SourcePlaces sources;
  private final Ending ending;

  /** For the generated code, which looks at it between rows. */
  private final AtomicBoolean isCancelled = new AtomicBoolean();

  private final Context context;
  private SourcePlaces.@Nullable Reservation places;
  private @Nullable Enumerator<?> rows;
  private boolean hasRow;
  private boolean isOver;
  private boolean isClosed;

  EnumerableRun(
      EnumerablePlan plan, String user, Workshop workshop, SchemaPlus root, Ending ending) {
    this.plan = plan;
    this.user = user;
    this.sources = workshop.places();
    this.ending = ending;
    ending.onEnd(() -> isCancelled.set(true));
    this.context = new Context(plan, user, root, workshop.limits().time(), isCancelled);
  }

  @Override
  public EnumerablePlan plan() {
    return plan;
  }

  @Override
  public List<StepReport> report() {
    return plan.report();
  }

  @Override
  public List<Table.Column> columns() {
    return plan.columns();
  }

  @Override
  public boolean hasNext() {
    if (!hasRow && !isOver) {
      hasRow = advance();
      isOver = !hasRow;
    }
    return hasRow;
  }

  private boolean advance() {
    try {
      ending.refuseEnded();
      if (places == null) {
        places = sources.reserve(user, plan.questions(), ending);
      }
      return ending
          .statements()
          .call(
              () -> {
                if (rows == null) {
                  rows = plan.bindable().bind(context).enumerator();
                }
                return rows.moveNext();
              });
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      isOver = true;
      throw ending.fail(e);
    }
  }

  @Override
  public List<@Nullable Object> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    hasRow = false;
    Object row = current();
    List<SqlTypeName> types = plan.types();
    List<@Nullable Object> values = new ArrayList<>(types.size());
    if (types.size() == 1) {
      Object value = row instanceof Object[] array ? array[0] : row;
      values.add(SqlTypes.external(value, types.get(0)));
    } else {
      Object[] array = (Object[]) row;
      for (int i = 0; i < array.length; i++) {
        values.add(SqlTypes.external(array[i], types.get(i)));
      }
    }
    return values;
  }

  /** Projections are computed here, and may fail. */
  private Object current() {
    try {
      return Objects.requireNonNull(rows).current();
    } catch (RuntimeException e) {
      isOver = true;
      throw ending.fail(e);
    }
  }

  @Override
  public void cancel() {
    ending.cancel();
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      if (!isOver && rows != null) {
        // so that the drivers do not first read the rest of a big result
        ending.cancel();
      }
      if (rows != null) {
        Enumerator<?> open = rows;
        ending
            .statements()
            .call(
                () -> {
                  open.close();
                  return true;
                });
      }
    } finally {
      if (places != null) {
        places.close();
      }
    }
  }

  /** What generated code asks for while it runs. */
  private static final class Context implements DataContext {
    private final SchemaPlus root;
    private final Map<String, Object> values;

    Context(
        EnumerablePlan plan,
        String user,
        SchemaPlus root,
        Duration time,
        AtomicBoolean isCancelled) {
      this.root = root;
      this.values = new HashMap<>(plan.parameters());
      long now = System.currentTimeMillis();
      values.put(Variable.USER.camelName, user);
      values.put(Variable.TIME_ZONE.camelName, TimeZone.getTimeZone("UTC"));
      values.put(Variable.UTC_TIMESTAMP.camelName, now);
      values.put(Variable.CURRENT_TIMESTAMP.camelName, now);
      values.put(Variable.LOCAL_TIMESTAMP.camelName, now);
      values.put(Variable.TIMEOUT.camelName, time.toMillis());
      values.put(Variable.CANCEL_FLAG.camelName, isCancelled);
    }

    @Override
    public SchemaPlus getRootSchema() {
      return root;
    }

    @Override
    public JavaTypeFactory getTypeFactory() {
      return QueryPlanner.TYPES;
    }

    @Override
    public QueryProvider getQueryProvider() {
      throw new UnsupportedOperationException("no table of ours is queryable");
    }

    @Override
    public @Nullable Object get(String name) {
      return values.get(name);
    }
  }
}
