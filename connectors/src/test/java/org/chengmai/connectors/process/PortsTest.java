package org.chengmai.connectors.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PortsTest {
  @TempDir Path temporary;
  private Path file = Path.of("/");

  @BeforeEach
  void fileThatIsNotThereYet() {
    file = temporary.resolve("folder/ports.properties");
  }

  @Test
  void aRestartFindsItsPortsAgain() {
    Ports first = new Ports(file, Map.of());
    int kafka = first.of("kafka");
    int postgres = first.of("postgres");
    assertThat(kafka).isNotEqualTo(postgres);
    Ports second = new Ports(file, Map.of());
    assertThat(second.of("postgres")).isEqualTo(postgres);
    assertThat(second.of("kafka")).isEqualTo(kafka);
  }

  @Test
  void aRememberedPortThatIsTakenIsReplaced() throws Exception {
    int before = new Ports(file, Map.of()).of("kafka");
    try (ServerSocket taken = new ServerSocket(before, 1, InetAddress.getLoopbackAddress())) {
      int after = new Ports(file, Map.of()).of("kafka");
      assertThat(after).isNotEqualTo(taken.getLocalPort());
      assertThat(new Ports(file, Map.of()).of("kafka")).isEqualTo(after);
    }
  }

  @Test
  void aConfiguredPortIsUsed() {
    int free = new Ports(temporary.resolve("other"), Map.of()).of("any");
    assertThat(new Ports(file, Map.of("kafka", free)).of("kafka")).isEqualTo(free);
  }

  @Test
  void aConfiguredPortThatIsTakenIsRefusedWithTheProcessThatHasIt() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> new Ports(file, Map.of("kafka", port)).of("kafka"))
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessageContaining("port " + port)
          .hasMessageContaining("kafka")
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
  }
}
