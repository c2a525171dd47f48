package org.chengmai.engine.flight;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.impl.FlightSql;
import org.apache.arrow.memory.RootAllocator;
import org.chengmai.engine.sql.SmallEngine;
import org.chengmai.engine.sql.SqlEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of calls that no client should make harm nobody else. {@code -Dchengmai.seed=N} repeats
 * a run, {@code -Dchengmai.inputs=N} sets its size.
 */
final class BadCallsTest {
  private static final long SEED = Long.getLong("chengmai.seed", 20_261_130L);
  private static final int INPUTS = Integer.getInteger("chengmai.inputs", 10_000);
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Tells each broken connection at length. */
  private static final Logger GRPC = Logger.getLogger("io.grpc.netty");

  @TempDir Path folder;

  @BeforeAll
  static void quieten() {
    GRPC.setLevel(Level.SEVERE);
  }

  @AfterAll
  static void speak() {
    GRPC.setLevel(null);
  }

  @Test
  @Timeout(300)
  void othersGetTheirAnswersMeanwhileAndAfterwards() throws Exception {
    Random random = new Random(SEED);
    try (SqlEngine engine = SmallEngine.open(folder);
        FlightSqlEndpoint endpoint =
            new FlightSqlEndpoint("127.0.0.1", 0, engine, SmallEngine::byToken, null);
        RootAllocator allocator = new RootAllocator();
        FlightClient good = client(allocator, endpoint);
        FlightClient bad = client(allocator, endpoint)) {
      for (int i = 0; i < INPUTS; i++) {
        if (random.nextInt(5) == 0) {
          sendNoise(endpoint.port(), random);
        } else {
          call(bad, random);
        }
        if (i % 500 == 0) {
          assertAnswers(good, i);
        }
      }
      assertAnswers(good, INPUTS);
    }
  }

  private static FlightClient client(RootAllocator allocator, FlightSqlEndpoint endpoint) {
    return FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", endpoint.port()))
        .build();
  }

  private static CallOption token() {
    FlightCallHeaders headers = new FlightCallHeaders();
    headers.insert("authorization", "Bearer secret");
    return new HeaderCallOption(headers);
  }

  private static void assertAnswers(FlightClient client, int after) throws Exception {
    byte[] ticket =
        packed(
            FlightSql.TicketStatementQuery.newBuilder()
                .setStatementHandle(
                    ByteString.copyFromUtf8("select region from env.air where v = 20"))
                .build());
    try (FlightStream stream = client.getStream(new Ticket(ticket), token())) {
      assertThat(stream.next()).as("seed %d, after %d calls", SEED, after).isTrue();
      assertThat(stream.getRoot().getVector(0).getObject(0)).hasToString("城西");
    }
  }

  private static byte[] packed(Message message) {
    return Any.pack(message).toByteArray();
  }

  /** One call with a message in which some bytes are others; its error must come as one. */
  private static void call(FlightClient client, Random random) throws Exception {
    byte[] bytes = changed(packed(message(random)), random);
    try {
      switch (random.nextInt(3)) {
        case 0 -> {
          try (FlightStream stream = client.getStream(new Ticket(bytes), token())) {
            assertThat(stream.next()).isIn(true, false);
          }
        }
        case 1 -> assertThat(client.getInfo(FlightDescriptor.command(bytes), token())).isNotNull();
        default -> {
          String name =
              List.of(
                      "CreatePreparedStatement",
                      "ClosePreparedStatement",
                      "BeginTransaction",
                      "none")
                  .get(random.nextInt(4));
          Iterator<Result> results = client.doAction(new Action(name, bytes), token());
          while (results.hasNext()) {
            assertThat(results.next()).isNotNull();
          }
        }
      }
    } catch (FlightRuntimeException e) {
      assertThat(e.status().code()).isNotNull();
    }
  }

  private static Message message(Random random) {
    ByteString sql = ByteString.copyFromUtf8("select v from env.air where region = '城东'");
    return switch (random.nextInt(6)) {
      case 0 -> FlightSql.TicketStatementQuery.newBuilder().setStatementHandle(sql).build();
      case 1 -> FlightSql.CommandStatementQuery.newBuilder().setQueryBytes(sql).build();
      case 2 ->
          FlightSql.CommandPreparedStatementQuery.newBuilder()
              .setPreparedStatementHandle(sql)
              .build();
      case 3 ->
          FlightSql.ActionCreatePreparedStatementRequest.newBuilder().setQueryBytes(sql).build();
      case 4 -> FlightSql.CommandGetTables.newBuilder().setDbSchemaFilterPattern("e%").build();
      default -> FlightSql.CommandGetSqlInfo.newBuilder().addInfo(random.nextInt()).build();
    };
  }

  private static byte[] changed(byte[] bytes, Random random) {
    byte[] changed =
        random.nextInt(4) == 0
            ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))
            : bytes.clone();
    for (int i = random.nextInt(4); i > 0 && changed.length > 0; i--) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
    }
    return changed;
  }

  private static void sendNoise(int port, Random random) {
    byte[] noise = new byte[random.nextInt(400)];
    random.nextBytes(noise);
    try (Socket socket = new Socket("127.0.0.1", port)) {
      if (random.nextBoolean()) {
        socket.getOutputStream().write(PREFACE);
      }
      socket.getOutputStream().write(noise);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      // the server has had enough
    }
  }
}
