package org.chengmai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.chengmai.engine.demo.RunningDemo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Nothing of us is reached from outside the machine unless it is configured so; and what answers to
 * whom watches an engine.
 */
@ExtendWith(RunningDemo.Extension.class)
final class LoopbackIT {
  @Test
  void theEngineAndEveryChildListenOnLoopbackOnly(RunningDemo demo) throws Exception {
    ProcessHandle self = ProcessHandle.current();
    List<ListeningSockets.Socket> sockets =
        ListeningSockets.of(Stream.concat(Stream.of(self), self.descendants()));
    assertThat(sockets)
        .allSatisfy(socket -> assertThat(socket.isLoopback()).as(socket.toString()).isTrue());
    List<Integer> expected =
        new ArrayList<>(
            List.of(
                demo.address().getPort(),
                demo.engine().flightPort(),
                demo.engine().postgresPort()));
    if (RealServers.isStartedHere()) {
      String postgres = System.getProperty(RealServers.POSTGRES);
      expected.add(URI.create(postgres.substring("jdbc:".length())).getPort());
      expected.add(Integer.valueOf(System.getProperty("chengmai.test.kafka").split(":")[1]));
      expected.add(URI.create(System.getProperty("chengmai.test.druid.broker")).getPort());
      expected.add(URI.create(System.getProperty("chengmai.test.druid.coordinator")).getPort());
    }
    assertThat(sockets.stream().map(ListeningSockets.Socket::port).toList()).containsAll(expected);
    // HTTP, Flight, PostgreSQL, MQTT; PostgreSQL, MariaDB, Kafka and its controller; Druid's four
    // roles,
    // ZooKeeper, Derby.
    assertThat(sockets).hasSizeGreaterThanOrEqualTo(RealServers.isStartedHere() ? 14 : 5);
  }

  @Test
  void readinessIsRefusedUntilTheEngineRuns(RunningDemo demo) {
    assertThat(demo.readiness()).containsExactly(503, 200);
  }

  @Test
  void livenessAndMetricsAnswerWithoutAToken(RunningDemo demo) throws Exception {
    assertThat(demo.get("/health/live").statusCode()).isEqualTo(200);
    String metrics = demo.get("/metrics").body();
    assertThat(metrics).contains("chengmai_").contains("# TYPE");
    assertThat(demo.get("/api/v1/alerts").statusCode()).isEqualTo(401);
  }

  @Test
  void theDoctorFindsTheRunningEngineWell(RunningDemo demo) throws Exception {
    Distribution.Result result = Distribution.run("doctor", "--dir", demo.folder().toString());
    assertThat(result.output())
        .contains("process " + ProcessHandle.current().pid())
        .contains("ingest")
        .contains("detectors");
    assertThat(
            result
                .output()
                .lines()
                .filter(
                    line ->
                        line.startsWith("✗")
                            && !line.contains(" disk ")
                            && !line.contains(" memory ")))
        .isEmpty();
  }
}
