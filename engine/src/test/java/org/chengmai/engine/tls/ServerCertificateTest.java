package org.chengmai.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerCertificateTest {
  @TempDir Path folder;

  private ServerCertificate read(TlsConfig config) {
    return ServerCertificate.read(config, folder, Instant.now());
  }

  private static void assertRefused(ThrowingCallable reading, String... words) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            ChengmaiException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_DEFINITION))
        .hasMessageContainingAll(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void aPairIsRead(String algorithm) throws Exception {
    ServerCertificate read = read(TestCertificates.make(folder, "a", "-keyalg", algorithm));
    assertThat(read.chain()).isEqualTo(Files.readAllBytes(folder.resolve("a.pem")));
    assertThat(read.key()).isEqualTo(Files.readAllBytes(folder.resolve("a.key")));
    assertThat(read.toString()).startsWith("CN=localhost, valid to 2").doesNotContain("KEY");
  }

  @Test
  void whatCannotBeReadIsNamed() throws Exception {
    TlsConfig whole = TestCertificates.make(folder, "a", "-keyalg", "EC");
    assertRefused(
        () -> read(new TlsConfig("none.pem", whole.key())),
        "server.tls.certificate: ",
        "none.pem cannot be read (NoSuchFileException)");
    assertRefused(
        () -> read(new TlsConfig(whole.certificate(), ".")),
        "server.tls.key: ",
        "cannot be read (IOException)",
        "the engine's user may read");
  }

  @Test
  void otherContentsAreRefusedWithTheCure() throws Exception {
    TlsConfig whole = TestCertificates.make(folder, "a", "-keyalg", "RSA");
    Files.writeString(folder.resolve("empty"), "");
    Files.writeString(folder.resolve("noise"), "-----BEGIN CERTIFICATE-----\nAAAA\n");
    for (String file : new String[] {"empty", "noise", whole.key()}) {
      assertRefused(
          () -> read(new TlsConfig(file, whole.key())),
          "server.tls.certificate: ",
          file + " holds no certificate in PEM form");
    }
    String key = Files.readString(folder.resolve(whole.key()));
    for (String kind : new String[] {"RSA ", "ENCRYPTED "}) {
      Files.writeString(
          folder.resolve("other.key"), key.replace("PRIVATE KEY", kind + "PRIVATE KEY"));
      assertRefused(
          () -> read(new TlsConfig(whole.certificate(), "other.key")),
          "server.tls.key: ",
          "openssl pkcs8 -topk8 -nocrypt");
    }
  }

  @Test
  void theKeyOfAnotherCertificateIsRefused() throws Exception {
    TlsConfig one = TestCertificates.make(folder, "a", "-keyalg", "EC");
    for (String algorithm : new String[] {"EC", "RSA"}) {
      TlsConfig other = TestCertificates.make(folder, algorithm, "-keyalg", algorithm);
      assertRefused(
          () -> read(new TlsConfig(one.certificate(), other.key())),
          "server.tls.key: ",
          algorithm + ".key does not belong to the certificate of server.tls.certificate");
    }
  }

  @Test
  void oneThatIsNotValidNowIsRefused() throws Exception {
    TlsConfig config = TestCertificates.make(folder, "a", "-keyalg", "EC", "-validity", "10");
    for (Duration away : new Duration[] {Duration.ofDays(-1), Duration.ofDays(11)}) {
      assertRefused(
          () -> ServerCertificate.read(config, folder, Instant.now().plus(away)),
          "server.tls.certificate: ",
          "is valid from 20");
    }
  }
}
