package org.chengmai.engine.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.auth2.BearerCredentialWriter;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.RootAllocator;
import org.chengmai.engine.sql.SmallEngine;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.tls.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flight's own client on an endpoint with a certificate. */
final class FlightTlsTest {
  private static final CallOption TOKEN =
      new CredentialCallOption(new BearerCredentialWriter("secret"));

  @TempDir Path folder;
  private final RootAllocator allocator = new RootAllocator();
  private SqlEngine engine;
  private FlightSqlEndpoint endpoint;

  @BeforeEach
  void start() throws Exception {
    engine = SmallEngine.open(folder);
    endpoint =
        new FlightSqlEndpoint(
            "127.0.0.1", 0, engine, SmallEngine::byToken, TestCertificates.read(folder, "own"));
    TestCertificates.make(folder, "other", "-keyalg", "EC");
  }

  @AfterEach
  void stop() {
    endpoint.close();
    engine.close();
    allocator.close();
  }

  private FlightSqlClient client(String trusted) throws Exception {
    try (InputStream certificate = Files.newInputStream(folder.resolve(trusted))) {
      return new FlightSqlClient(
          FlightClient.builder(allocator, Location.forGrpcTls("localhost", endpoint.port()))
              .trustedCertificates(certificate)
              .build());
    }
  }

  private static void assertAnswers(FlightSqlClient client) throws Exception {
    FlightInfo info = client.execute("select region from env.air where v = 20", TOKEN);
    try (FlightStream stream = client.getStream(info.getEndpoints().get(0).getTicket(), TOKEN)) {
      assertThat(stream.next()).isTrue();
      assertThat(stream.getRoot().getVector(0).getObject(0)).hasToString("城西");
    }
  }

  @Test
  void whoTrustsTheCertificateGetsAnswers() throws Exception {
    try (FlightSqlClient client = client("own.pem")) {
      assertAnswers(client);
    }
  }

  @Test
  void whoTrustsAnotherOrSpeaksPlainTextGetsNone() throws Exception {
    try (FlightSqlClient trusting = client("other.pem");
        FlightSqlClient plain =
            new FlightSqlClient(
                FlightClient.builder(
                        allocator, Location.forGrpcInsecure("localhost", endpoint.port()))
                    .build())) {
      for (FlightSqlClient client : new FlightSqlClient[] {trusting, plain}) {
        assertThatThrownBy(() -> assertAnswers(client))
            .isInstanceOfSatisfying(
                FlightRuntimeException.class,
                error -> assertThat(error.status().code()).isEqualTo(FlightStatusCode.UNAVAILABLE));
      }
    }
    try (FlightSqlClient client = client("own.pem")) {
      assertAnswers(client);
    }
  }
}
