package org.chengmai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.chengmai.engine.flight.FlightSqlEndpoint;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.sgd.linear.LinearSGDTrainer;
import org.tribuo.regression.sgd.objectives.SquaredLoss;

/**
 * The libraries that fight over netty, guava and protobuf work together in one JVM, in the versions
 * that were tried together. Run it after every change of a version: a class path that compiles may
 * still fail at run time.
 */
final class OneJvmTest {

  @Test
  void theVersionsAreThoseThatWereTriedTogether() {
    assertThat(Version.identify().values())
        .extracting(Version::artifactVersion)
        .containsOnly("4.2.10.Final");
    assertThat(com.fasterxml.jackson.databind.cfg.PackageVersion.VERSION).hasToString("2.18.2");
    assertThat(jar(com.google.common.collect.ImmutableList.class))
        .isEqualTo("guava-33.4.8-jre.jar");
    assertThat(jar(com.google.protobuf.Message.class)).isEqualTo("protobuf-java-4.30.2.jar");
    assertThat(jar(RootAllocator.class)).isEqualTo("arrow-memory-core-18.3.0.jar");
    assertThat(jar(org.apache.calcite.rel.RelNode.class)).isEqualTo("calcite-core-1.42.0.jar");
  }

  private static String jar(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
        .getFileName()
        .toString();
  }

  @Test
  void everyPartMovesDataInTheSameJvm(@TempDir Path folder) throws Exception {
    Vertx vertx = Vertx.vertx();
    try (SqlEngine engine =
            new SqlEngine(
                List.of(),
                List.of(),
                SqlLimits.defaults(),
                Execution.FEDERATED,
                folder,
                InstantSource.system());
        FlightSqlEndpoint flight =
            new FlightSqlEndpoint(
                "127.0.0.1", 0, engine, token -> Optional.of(SqlEngine.INTERNAL), null)) {
      assertThat(overHttp(vertx)).isEqualTo("42");
      assertThat(overFlight(flight.port())).isEqualTo(42);
      assertThat(throughDuckDb()).isEqualTo(42);
      assertThat(throughTribuo()).isTrue();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  private static String overHttp(Vertx vertx) throws Exception {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().end("42"))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort())).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static long overFlight(int port) throws Exception {
    CallHeaders headers = new FlightCallHeaders();
    headers.insert("authorization", "Bearer any");
    HeaderCallOption token = new HeaderCallOption(headers);
    try (RootAllocator allocator = new RootAllocator();
        FlightSqlClient client =
            new FlightSqlClient(
                FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", port))
                    .build());
        FlightStream stream =
            client.getStream(
                client
                    .execute("select sum(x) from (values (40), (2)) as t(x)", token)
                    .getEndpoints()
                    .get(0)
                    .getTicket(),
                token)) {
      assertThat(stream.next()).isTrue();
      return ((BigIntVector) stream.getRoot().getVector(0)).get(0);
    }
  }

  private static long throughDuckDb() throws Exception {
    try (RootAllocator allocator = new RootAllocator();
        BigIntVector vector = new BigIntVector("x", allocator);
        VectorSchemaRoot root = VectorSchemaRoot.of(vector);
        DuckDBConnection duckDb = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      vector.setSafe(0, 40);
      vector.setSafe(1, 2);
      root.setRowCount(2);
      java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
      try (ArrowStreamWriter writer = new ArrowStreamWriter(root, null, bytes)) {
        writer.writeBatch();
      }
      try (ArrowStreamReader reader =
          new ArrowStreamReader(new java.io.ByteArrayInputStream(bytes.toByteArray()), allocator)) {
        Data.exportArrayStream(allocator, reader, stream);
        duckDb.registerArrowStream("numbers", stream);
        try (Statement statement = duckDb.createStatement();
            ResultSet rows = statement.executeQuery("SELECT sum(x) FROM numbers")) {
          rows.next();
          return rows.getLong(1);
        }
      }
    }
  }

  private static boolean throughTribuo() throws Exception {
    RegressionFactory factory = new RegressionFactory();
    MutableDataset<Regressor> data =
        new MutableDataset<>(new SimpleDataSourceProvenance("one JVM", factory), factory);
    for (int i = 0; i < 50; i++) {
      data.add(
          new ArrayExample<>(
              new Regressor("y", 2 * i), new String[] {"x"}, new double[] {i / 50.0}));
    }
    Model<Regressor> model =
        new LinearSGDTrainer(new SquaredLoss(), new org.tribuo.math.optimisers.AdaGrad(0.5), 5, 42L)
            .train(data);
    Model<?> again =
        Model.deserialize(
            org.tribuo.protos.core.ModelProto.parseFrom(model.serialize().toByteArray()));
    Example<Regressor> probe =
        new ArrayExample<>(new Regressor("y", 0), new String[] {"x"}, new double[] {0.5});
    double expected = model.predict(probe).getOutput().getValues()[0];
    return ((Model<?>) again).castModel(Regressor.class).predict(probe).getOutput().getValues()[0]
        == expected;
  }
}
