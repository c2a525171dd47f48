package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Vectors come out as rows do, in the announced types. */
final class ArrowBatchesTest {
  private static final String ALL =
      "select cast(mod(a.n, 100) as tinyint) as a, cast(mod(a.n, 100) as smallint) as b, cast(a.n as integer) as c, cast(a.n as bigint) as d,"
          + " cast(a.x as real) as e, a.x as f, cast(a.x as decimal(10, 2)) as g, a.n > 5 as h, a.s as i, cast(a.ts as date) as j, a.ts as k,"
          + " cast(a.ts as time) as l, a.n * 2 as m from ";

  @TempDir Path folder;
  private SqlEngine engine;

  @BeforeEach
  void open() throws Exception {
    engine =
        new SqlEngine(
            List.of(source("one"), source("two")),
            List.of(),
            SqlLimits.defaults(),
            Execution.FEDERATED,
            folder.resolve("spill"),
            InstantSource.system());
  }

  private Source source(String library) throws Exception {
    String csv =
        IntStream.range(0, 40_000)
            .mapToObj(
                n ->
                    n % 7 == 3
                        ? ",,,\n"
                        : "%d,%d.25,城%d,2026-01-%02d 01:02:03.456\n"
                            .formatted(n, n, n % 5, n % 28 + 1))
            .collect(Collectors.joining("", "n,x,s,ts\n", ""));
    Path file = Files.writeString(folder.resolve(library + ".csv"), csv);
    return new FileConfig(List.of(FileTable.of("t", file)), "128MB")
        .open(library, folder.resolve(library));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  /** The same rows without their vectors. */
  private record RowsOnly(RowStream rows) implements RowStream {
    @Override
    public List<Table.Column> columns() {
      return rows.columns();
    }

    @Override
    public Schema shape() {
      return rows.shape();
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public List<@Nullable Object> next() {
      return rows.next();
    }

    @Override
    public void cancel() {
      rows.cancel();
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  private static List<String> read(RowStream rows, ClientTypes types, BufferAllocator batchMemory) {
    List<String> read = new ArrayList<>();
    try (BufferAllocator memory = batchMemory;
        rows;
        ArrowBatches batches = new ArrowBatches(rows, types, memory)) {
      assertThat(batches.root().getSchema()).isEqualTo(types.of(rows.shape()));
      while (batches.next()) {
        for (int row = 0; row < batches.root().getRowCount(); row++) {
          Object[] values = new Object[batches.root().getFieldVectors().size()];
          for (int column = 0; column < values.length; column++) {
            FieldVector vector = batches.root().getVector(column);
            values[column] = vector.getObject(row);
          }
          read.add(Arrays.toString(values));
        }
        assertThat(batches.root().getSchema()).isEqualTo(types.of(rows.shape()));
      }
    }
    return read;
  }

  @ParameterizedTest
  @EnumSource(ClientTypes.class)
  void vectorsOfOneSourceAndOfTheResidualComeAsTheirRowsDo(ClientTypes types) {
    for (String from :
        List.of(
            "one.t a",
            "one.t a join two.t b on a.n = b.n",
            "one.t a left join two.t b on a.n + 1 = b.n where a.n is null or a.n < 100")) {
      List<String> copied =
          read(engine.stream(SqlEngine.INTERNAL, ALL + from), types, new RootAllocator());
      List<String> shared =
          read(
              engine.stream(SqlEngine.INTERNAL, ALL + from),
              types,
              engine.newAllocator("test", Long.MAX_VALUE));
      List<String> rows =
          read(
              new RowsOnly(engine.stream(SqlEngine.INTERNAL, ALL + from)),
              types,
              new RootAllocator());
      assertThat(copied).as(from).hasSizeGreaterThan(90);
      assertThat(copied.stream().sorted())
          .containsExactlyElementsOf(rows.stream().sorted().toList());
      assertThat(shared).containsExactlyInAnyOrderElementsOf(copied);
    }
  }

  @Test
  void batchesOutliveTheirQueryAndLeaveNothing() {
    String sql = "select a.n from one.t a join two.t b on a.n = b.n where a.n = 99";
    try (BufferAllocator memory = engine.newAllocator("test", Long.MAX_VALUE)) {
      ArrowRecordBatch kept;
      try (RowStream rows = engine.stream(SqlEngine.INTERNAL, sql);
          ArrowBatches batches = new ArrowBatches(rows, ClientTypes.EXACT, memory)) {
        assertThat(batches.next()).isTrue();
        kept = new VectorUnloader(batches.root()).getRecordBatch();
      }
      assertThat(memory.getAllocatedMemory()).isPositive();
      assertThat(kept.getBuffers().get(1).getLong(0)).isEqualTo(99);
      kept.close();
      assertThat(memory.getRoot().getAllocatedMemory()).isZero();
    }
  }

  @Test
  void rowsThatWereTakenBeforeAreNotRepeated() {
    try (RootAllocator memory = new RootAllocator();
        RowStream rows = engine.stream(SqlEngine.INTERNAL, "select n from one.t where n < 100");
        ArrowBatches batches = new ArrowBatches(rows, ClientTypes.EXACT, memory)) {
      assertThat(rows.hasNext()).isTrue();
      rows.next();
      int count = 0;
      while (batches.next()) {
        count += batches.root().getRowCount();
      }
      assertThat(count).isEqualTo(85);
    }
  }
}
