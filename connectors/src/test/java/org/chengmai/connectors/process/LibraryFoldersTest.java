package org.chengmai.connectors.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The servers run with the versions that they were released with: a pin of ours that reached them
 * breaks them (Druid: every SQL query).
 */
final class LibraryFoldersTest {
  @Test
  void druidKeepsItsOwnVersions() throws IOException {
    assertThat(jars(Libraries.druid()))
        .contains(
            "kafka-clients-3.9.0.jar",
            "netty-3.10.6.Final.jar",
            "netty-common-4.1.118.Final.jar",
            "netty-handler-4.1.118.Final.jar",
            "jackson-core-2.12.7.jar",
            "jackson-annotations-2.12.7.jar",
            "jackson-databind-2.12.7.1.jar",
            "guava-32.0.1-jre.jar",
            "calcite-core-1.37.0.jar",
            "zookeeper-3.8.4.jar",
            "slf4j-api-1.7.36.jar")
        .doesNotHaveDuplicates();
    assertThat(versionsOf(Libraries.druid(), "kafka-clients")).hasSize(1);
    assertThat(versionsOf(Libraries.druid(), "jackson-core")).hasSize(1);
    assertThat(versionsOf(Libraries.druid(), "netty-common")).hasSize(1);
  }

  @Test
  void kafkaKeepsItsOwnVersionsAndNeedsNoNetty() throws IOException {
    assertThat(jars(Libraries.kafka()))
        .contains(
            "kafka-clients-4.3.0.jar",
            "kafka_2.13-4.3.0.jar",
            "jackson-core-2.21.2.jar",
            "jackson-databind-2.21.2.jar",
            "jackson-annotations-2.21.jar",
            "slf4j-api-1.7.36.jar")
        .noneMatch(name -> name.startsWith("netty"));
    assertThat(versionsOf(Libraries.kafka(), "kafka-clients")).hasSize(1);
    assertThat(versionsOf(Libraries.kafka(), "jackson-core")).hasSize(1);
  }

  @Test
  void noneOfOurClassesReachThem() throws IOException {
    for (Path folder : List.of(Libraries.druid(), Libraries.kafka())) {
      assertThat(jars(folder))
          .filteredOn(name -> name.startsWith("chengmai-"))
          .hasSizeLessThanOrEqualTo(1)
          .allMatch(name -> name.contains("-server-"));
    }
  }

  private static Set<String> versionsOf(Path folder, String artifact) throws IOException {
    return jars(folder).stream()
        .filter(name -> name.matches(artifact + "-[0-9].*"))
        .collect(Collectors.toSet());
  }

  private static List<String> jars(Path folder) throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(folder), folder + " is not built (mvn package)");
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
