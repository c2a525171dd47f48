package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.arrow.ArrowTypes;
import org.chengmai.connectors.pushdown.OpenStatements;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every source's reader must do with its rows, its errors, and its memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class ArrowReaderContract {
  static final String LIBRARY = "arrow_lib";
  private static final int MANY = 100_000;
  private static final int ENDLESS = 200_000_000;

  Source source;
  BufferAllocator memory;

  abstract Source open(Path work) throws Exception;

  /** Writes a value as an expression of a type in the source's dialect; null for a null. */
  abstract String literal(SqlTypeName type, @Nullable String value);

  /** SQL for the whole numbers below {@code count}, in one column of type BIGINT. */
  abstract String numbers(long count);

  /** SQL for one BIGINT that takes the source at least ten seconds. */
  abstract String slow();

  /** How many statements the source works on. */
  abstract long running() throws Exception;

  /** How many threads of this process are inside of a class: for sources that cannot be asked. */
  static long callsOf(String type) {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            frames -> Arrays.stream(frames).anyMatch(frame -> frame.getClassName().equals(type)))
        .count();
  }

  /** Whether the source's types have this one. */
  boolean has(SqlTypeName type) {
    return true;
  }

  /** Whether SQL of the source can hold a null of the type. */
  boolean canBeNull(SqlTypeName type) {
    return true;
  }

  /** The earliest day that the source knows. */
  LocalDate firstDay() {
    return LocalDate.of(1, 1, 1);
  }

  /** What stands before the name of a table. */
  String schema() {
    return "";
  }

  int wideDigits() {
    return 38;
  }

  @BeforeAll
  void start(@TempDir Path work) throws Exception {
    source = open(work);
  }

  @AfterAll
  void stop() {
    if (source != null) {
      source.close();
    }
  }

  @BeforeEach
  void allocate() {
    memory = new RootAllocator(256L << 20);
  }

  /** Fails when anything was not released. */
  @AfterEach
  void release() {
    memory.close();
  }

  static RelDataTypeFactory.Builder row() {
    return QueryPlanner.TYPES.builder();
  }

  static Schema shape(RelDataTypeFactory.Builder row) {
    return ArrowTypes.schema(row.build());
  }

  private static Schema number() {
    return shape(row().add("n", SqlTypeName.BIGINT));
  }

  ArrowReader read(String sql, Schema shape) {
    return source.read(sql, shape, memory, new OpenStatements());
  }

  /** All rows of a query, with values as they would be shown. */
  final List<List<@Nullable Object>> rows(String sql, Schema shape) throws IOException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (ArrowReader reader = read(sql, shape)) {
      assertThat(reader.getVectorSchemaRoot().getSchema()).isEqualTo(shape);
      while (reader.loadNextBatch()) {
        VectorSchemaRoot batch = reader.getVectorSchemaRoot();
        assertThat(batch.getSchema()).isEqualTo(shape);
        assertThat(batch.getRowCount()).isBetween(1, 32_768);
        for (int i = 0; i < batch.getRowCount(); i++) {
          List<@Nullable Object> row = new ArrayList<>();
          for (FieldVector vector : batch.getFieldVectors()) {
            assertThat(vector.getValueCount()).isEqualTo(batch.getRowCount());
            row.add(value(vector, i));
          }
          rows.add(row);
        }
      }
      assertThat(reader.loadNextBatch()).isFalse();
    }
    return rows;
  }

  private static @Nullable Object value(FieldVector vector, int row) {
    Object value = vector.getObject(row);
    if (value == null) {
      return null;
    }
    return switch (vector.getMinorType()) {
      case DATEDAY -> LocalDate.ofEpochDay((Integer) value);
      case TIMEMICRO -> LocalTime.ofNanoOfDay((Long) value * 1000);
      case TIMESTAMPMICROTZ ->
          LocalDateTime.ofEpochSecond(
              Math.floorDiv((Long) value, 1_000_000L),
              (int) Math.floorMod((Long) value, 1_000_000L) * 1000,
              ZoneOffset.UTC);
      case VARCHAR -> value.toString();
      case VARBINARY -> Base64.getEncoder().encodeToString((byte[]) value);
      default -> value;
    };
  }

  /** Reads each value as one row of a column of the type; rows may come in any order. */
  private void keeps(
      RelDataTypeFactory.Builder row,
      SqlTypeName type,
      List<@Nullable String> texts,
      List<?> expected)
      throws IOException {
    StringBuilder sql = new StringBuilder();
    for (int i = 0; i < texts.size(); i++) {
      sql.append(i == 0 ? "" : " UNION ALL ")
          .append(
              "SELECT %s AS n, %s AS v%s"
                  .formatted(
                      literal(SqlTypeName.INTEGER, String.valueOf(i)),
                      literal(type, texts.get(i)),
                      from()));
    }
    TreeMap<Object, @Nullable Object> values = new TreeMap<>();
    for (List<@Nullable Object> one : rows(sql.toString(), shape(row))) {
      values.put(one.get(0), one.get(1));
    }
    assertThat(new ArrayList<>(values.values())).isEqualTo(expected);
  }

  /** What a SELECT without a table ends with. */
  String from() {
    return "";
  }

  private static RelDataTypeFactory.Builder column(SqlTypeName type, int... sizes) {
    RelDataTypeFactory.Builder row = row().add("n", SqlTypeName.INTEGER);
    return switch (sizes.length) {
      case 0 -> row.add("v", type);
      case 1 -> row.add("v", type, sizes[0]);
      default -> row.add("v", type, sizes[0], sizes[1]);
    };
  }

  @Test
  void integersOfAllSizes() throws IOException {
    keeps(
        column(SqlTypeName.BIGINT),
        SqlTypeName.BIGINT,
        Arrays.asList("0", null, "-1", "9223372036854775807", "-9223372036854775807"),
        Arrays.asList(0L, null, -1L, Long.MAX_VALUE, -Long.MAX_VALUE));
    keeps(
        column(SqlTypeName.INTEGER),
        SqlTypeName.INTEGER,
        Arrays.asList("0", null, "2147483647", "-2147483648"),
        Arrays.asList(0, null, Integer.MAX_VALUE, Integer.MIN_VALUE));
    if (has(SqlTypeName.SMALLINT)) {
      keeps(
          column(SqlTypeName.SMALLINT),
          SqlTypeName.SMALLINT,
          Arrays.asList("0", null, "32767", "-32768"),
          Arrays.asList((short) 0, null, Short.MAX_VALUE, Short.MIN_VALUE));
      keeps(
          column(SqlTypeName.TINYINT),
          SqlTypeName.SMALLINT,
          Arrays.asList("0", null, "127", "-128"),
          Arrays.asList((byte) 0, null, Byte.MAX_VALUE, Byte.MIN_VALUE));
    }
  }

  @Test
  void anIntegerThatDoesNotFitIsNamed() {
    String sql = "SELECT %s AS n%s".formatted(literal(SqlTypeName.BIGINT, "300"), from());
    assertThatThrownBy(() -> rows(sql, shape(row().add("little", SqlTypeName.TINYINT))))
        .hasMessageContaining(LIBRARY)
        .hasMessageContaining("little")
        .hasMessageContaining("300");
  }

  @Test
  void floats() throws IOException {
    keeps(
        column(SqlTypeName.DOUBLE),
        SqlTypeName.DOUBLE,
        Arrays.asList(
            "0", null, "-1.5", "1.7976931348623157E308", "2.2250738585072014E-308", "0.1"),
        Arrays.asList(0.0, null, -1.5, Double.MAX_VALUE, Double.MIN_NORMAL, 0.1));
    if (has(SqlTypeName.REAL)) {
      keeps(
          column(SqlTypeName.REAL),
          SqlTypeName.REAL,
          Arrays.asList("0", null, "-1.5", "0.25"),
          Arrays.asList(0.0f, null, -1.5f, 0.25f));
    }
  }

  @Test
  void booleans() throws IOException {
    keeps(
        column(SqlTypeName.BOOLEAN),
        SqlTypeName.BOOLEAN,
        Arrays.asList("true", null, "false"),
        Arrays.asList(true, null, false));
  }

  @Test
  void decimals() throws IOException {
    if (!has(SqlTypeName.DECIMAL)) {
      return;
    }
    List<@Nullable String> texts =
        Arrays.asList(
            "0",
            null,
            "1",
            "-1",
            "0.01",
            "-0.01",
            "0.10",
            "10000",
            "9999",
            "100000000",
            "12345678.9",
            "-99999999999999.99",
            "99999999999999.99",
            "1000000000000",
            "0.05",
            "50",
            "5000000000000.5");
    List<@Nullable Object> expected = new ArrayList<>();
    texts.forEach(text -> expected.add(text == null ? null : new BigDecimal(text).setScale(2)));
    keeps(column(SqlTypeName.DECIMAL, 16, 2), SqlTypeName.DECIMAL, texts, expected);
  }

  @Test
  void decimalsOfThirtyEightDigits() throws IOException {
    if (!has(SqlTypeName.DECIMAL)) {
      return;
    }
    String nines = "9".repeat(wideDigits() - 10) + "." + "9".repeat(10);
    List<@Nullable String> texts =
        Arrays.asList(
            "0",
            null,
            nines,
            "-" + nines,
            "0.0000000001",
            "-0.0000000001",
            "12345678901234567890.0123456789",
            "-10000000000000000000000",
            "18446744073709551616",
            "1844674407.3709551616",
            "-922337203.6854775808",
            "1" + "0".repeat(wideDigits() - 11));
    List<@Nullable Object> expected = new ArrayList<>();
    texts.forEach(text -> expected.add(text == null ? null : new BigDecimal(text).setScale(10)));
    keeps(column(SqlTypeName.DECIMAL, 38, 10), SqlTypeName.DECIMAL, texts, expected);
    keeps(
        column(SqlTypeName.DECIMAL, 38, 0),
        SqlTypeName.DECIMAL,
        List.of("1" + "0".repeat(wideDigits() - 11), "7.000"),
        List.of(BigDecimal.TEN.pow(wideDigits() - 11), new BigDecimal(BigInteger.valueOf(7))));
  }

  @Test
  void aDecimalThatWouldLoseDigitsIsNamed() {
    if (!has(SqlTypeName.DECIMAL)) {
      return;
    }
    for (String value : List.of("1.239", "-0.001", "1000.5", "123456789012345678901234.5")) {
      String sql = "SELECT %s AS n%s".formatted(literal(SqlTypeName.DECIMAL, value), from());
      assertThatThrownBy(() -> rows(sql, shape(row().add("amount", SqlTypeName.DECIMAL, 5, 2))))
          .as(value)
          .isInstanceOf(ChengmaiException.class)
          .hasMessageContaining(LIBRARY)
          .hasMessageContaining("amount")
          .hasMessageContaining(value)
          .hasMessageContaining("DECIMAL(5");
    }
  }

  @Test
  void textsOfEveryPlane() throws IOException {
    List<@Nullable String> texts =
        Arrays.asList(
            "",
            null,
            "城东",
            "㐂𠮷𪚥",
            "Ｆｕｌｌ　ｗｉｄｔｈ１２３",
            "a\u0301",
            "O'Neil",
            "tab\there",
            "x".repeat(3000),
            "😀");
    keeps(column(SqlTypeName.VARCHAR, 4000), SqlTypeName.VARCHAR, texts, texts);
  }

  @Test
  void bytes() throws IOException {
    if (!has(SqlTypeName.VARBINARY)) {
      return;
    }
    keeps(
        column(SqlTypeName.VARBINARY, 100),
        SqlTypeName.VARBINARY,
        Arrays.asList("", null, "00ff10", "e59f8e"),
        Arrays.asList(
            "",
            null,
            Base64.getEncoder().encodeToString(new byte[] {0, -1, 16}),
            Base64.getEncoder().encodeToString("城".getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void datesBeforeAndAfterTheCalendarsChanged() throws IOException {
    List<@Nullable String> texts = new ArrayList<>();
    List<@Nullable Object> expected = new ArrayList<>();
    for (String text :
        List.of(
            "0001-01-01",
            "1582-10-04",
            "1582-10-15",
            "1900-02-28",
            "1969-12-31",
            "1970-01-01",
            "2024-02-29",
            "9999-12-31")) {
      if (!LocalDate.parse(text).isBefore(firstDay())) {
        texts.add(text);
        expected.add(LocalDate.parse(text));
      }
    }
    if (canBeNull(SqlTypeName.DATE)) {
      texts.add(null);
      expected.add(null);
    }
    keeps(column(SqlTypeName.DATE), SqlTypeName.DATE, texts, expected);
  }

  @Test
  void timesOfDay() throws IOException {
    if (!has(SqlTypeName.TIME)) {
      return;
    }
    keeps(
        column(SqlTypeName.TIME),
        SqlTypeName.TIME,
        Arrays.asList("00:00:00", null, "07:59:59", "08:00:00.5", "23:59:59.999999"),
        Arrays.asList(
            LocalTime.MIN,
            null,
            LocalTime.of(7, 59, 59),
            LocalTime.parse("08:00:00.5"),
            LocalTime.parse("23:59:59.999999")));
  }

  /** The fraction of a second that the source keeps. */
  String fraction() {
    return ".123456";
  }

  @Test
  void timestampsThatNoZoneShifts() throws IOException {
    List<@Nullable String> texts = new ArrayList<>();
    List<@Nullable Object> expected = new ArrayList<>();
    for (String text :
        List.of(
            "0001-01-01 00:00:00",
            "1582-10-15 12:00:00",
            "1900-12-31 23:54:17",
            "1969-12-31 23:59:59" + fraction(),
            "1970-01-01 00:00:00",
            // midnight to eight in Shanghai is the day before in UTC; summer time was in 1986 to
            // 1991
            "1986-05-04 00:30:00",
            "1991-09-15 01:00:00",
            "2026-01-01 00:00:00",
            "2026-01-01 07:59:59" + fraction(),
            "2025-12-31 16:00:00",
            "9999-12-31 23:59:59" + fraction())) {
      if (!LocalDate.parse(text.substring(0, 10)).isBefore(firstDay())) {
        texts.add(text);
        expected.add(LocalDateTime.parse(text.replace(' ', 'T')));
      }
    }
    if (canBeNull(SqlTypeName.TIMESTAMP)) {
      texts.add(null);
      expected.add(null);
    }
    keeps(column(SqlTypeName.TIMESTAMP, 3), SqlTypeName.TIMESTAMP, texts, expected);
  }

  @Test
  void anEmptyAnswerHasNoBatch() throws IOException {
    assertThat(rows("SELECT * FROM (%s) t WHERE 1 = 0".formatted(numbers(10)), number())).isEmpty();
  }

  @Test
  void aLongAnswerComesInBatches() throws IOException {
    long sum = 0;
    int count = 0;
    int batches = 0;
    try (ArrowReader reader = read(numbers(MANY), number())) {
      while (reader.loadNextBatch()) {
        batches++;
        VectorSchemaRoot batch = reader.getVectorSchemaRoot();
        assertThat(batch.getRowCount()).isLessThanOrEqualTo(32_768);
        for (int i = 0; i < batch.getRowCount(); i++) {
          sum += (Long) batch.getVector(0).getObject(i);
          count++;
        }
      }
      assertThat(reader.bytesRead()).isGreaterThan(8L * MANY);
    }
    assertThat(count).isEqualTo(MANY);
    assertThat(sum).isEqualTo((long) MANY * (MANY - 1) / 2);
    assertThat(batches).isGreaterThan(2);
  }

  @Test
  void wrongSqlIsAnErrorOfTheLibrary() {
    assertThatThrownBy(() -> read("SELECT n FROM %sno_such_table".formatted(schema()), number()))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXTERNAL))
        .hasMessageContaining(LIBRARY)
        .hasMessageContaining("no_such");
  }

  @Test
  void anotherNumberOfColumnsIsAnError() {
    assertThatThrownBy(
            () ->
                rows(
                    numbers(3),
                    shape(row().add("a", SqlTypeName.BIGINT).add("b", SqlTypeName.BIGINT))))
        .hasMessageContaining(LIBRARY)
        .hasMessageContaining("2 columns");
  }

  @Test
  void cancellingStopsTheSource() throws Exception {
    OpenStatements query = new OpenStatements();
    CompletableFuture<Void> reading =
        CompletableFuture.runAsync(
            () -> {
              try (ArrowReader reader = source.read(slow(), number(), memory, query)) {
                reader.loadNextBatch();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    await(Duration.ofSeconds(20), () -> !query.sent().isEmpty() && isRunning());
    assertThat(reading).isNotDone();
    long asked = System.nanoTime();
    query.cancel();
    assertThat(reading).failsWithin(Duration.ofSeconds(5)).withThrowableThat().havingRootCause();
    Duration took = Duration.ofNanos(System.nanoTime() - asked);
    assertThat(reading.handle((nothing, error) -> error).get().getCause())
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    await(Duration.ofSeconds(2), () -> !isRunning());
    assertThat(took).isLessThan(Duration.ofMillis(1500));
    assertThat(query.failure()).isPresent();
  }

  @Test
  void cancellingBetweenBatchesFailsTheNext() throws Exception {
    OpenStatements query = new OpenStatements();
    try (ArrowReader reader = source.read(numbers(endless()), number(), memory, query)) {
      assertThat(reader.loadNextBatch()).isTrue();
      query.cancel();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(reader::loadNextBatch)
            .isInstanceOfSatisfying(
                ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      }
    }
    await(Duration.ofSeconds(2), () -> !isRunning());
  }

  @Test
  void aCancelledQueryAsksNoSource() {
    OpenStatements query = new OpenStatements();
    query.cancel();
    assertThatThrownBy(() -> source.read(numbers(1), number(), memory, query))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
  }

  long endless() {
    return ENDLESS;
  }

  @Test
  void closingHalfWayFreesTheSourceAtOnce() throws Exception {
    for (int i = 0; i < 6; i++) {
      ArrowReader reader = read(numbers(endless()), number());
      assertThat(reader.loadNextBatch()).isTrue();
      assertThat(reader.loadNextBatch()).isTrue();
      long began = System.nanoTime();
      reader.close();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
      reader.close();
    }
    await(Duration.ofSeconds(2), () -> !isRunning());
    assertThat(rows(numbers(1), number())).containsExactly(List.of(0L));
  }

  @Test
  void closingBeforeTheFirstBatchFreesTheSource() throws Exception {
    for (int i = 0; i < 6; i++) {
      read(numbers(endless()), number()).close();
    }
    await(Duration.ofSeconds(2), () -> !isRunning());
  }

  private boolean isRunning() {
    try {
      return running() > 0;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static void await(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within %s", limit).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
