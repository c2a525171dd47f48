package org.chengmai.connectors.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DriversTest {
  private static final String TINY =
      """
      package tiny;

      public final class TinyDriver implements java.sql.Driver {
        public java.sql.Connection connect(String url, java.util.Properties p) throws java.sql.SQLException {
          throw new java.sql.SQLException("tiny is down");
        }
        public boolean acceptsURL(String url) { return url.startsWith("jdbc:tiny:"); }
        public java.sql.DriverPropertyInfo[] getPropertyInfo(String url, java.util.Properties p) { return null; }
        public int getMajorVersion() { return 1; }
        public int getMinorVersion() { return 0; }
        public boolean jdbcCompliant() { return false; }
        public java.util.logging.Logger getParentLogger() { return null; }
      }
      """;

  private static JdbcSource open(String url, Path drivers) {
    return new JdbcSource(
        "lib", new JdbcConfig(url, "u", "p", null, 1, 100, Duration.ofMillis(300), drivers));
  }

  @Test
  void aMissingDriverIsNamedWithItsJarItsPlaceAndItsOrigin(@TempDir Path folder) {
    assertThatThrownBy(() -> open("jdbc:dm://host:5236", folder))
        .isInstanceOfSatisfying(
            ChengmaiException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DEFINITION))
        .hasMessageContaining("source lib")
        .hasMessageContaining("DmJdbcDriver18-8.1.3.140.jar")
        .hasMessageContaining("com.dameng:DmJdbcDriver18:8.1.3.140")
        .hasMessageContaining(folder.toString());
    assertThatThrownBy(() -> open("jdbc:tiny:db", folder.resolve("absent")))
        .hasMessageContaining("jdbc:tiny:")
        .hasMessageContaining("absent");
    assertThatThrownBy(() -> open("tiny", folder)).hasMessageContaining("jdbc:");
  }

  @Test
  void aJarInTheFolderIsADriver(@TempDir Path folder) throws IOException {
    jar(folder);
    try (JdbcSource source = open("jdbc:tiny:db", folder)) {
      assertThatThrownBy(source::check)
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXTERNAL))
          .hasMessageContaining("source lib");
    }
    JdbcKind kind = JdbcKind.of("jdbc:tiny:db");
    try (Drivers drivers = Drivers.find("lib", "jdbc:tiny:db", kind, folder)) {
      assertThat(drivers.driver().getClass().getName()).isEqualTo("tiny.TinyDriver");
    }
    assertThat(kind.prefix()).isEqualTo("jdbc:tiny:");
  }

  @Test
  void ourOwnDriversNeedNoFolder() {
    for (String url : new String[] {"jdbc:postgresql://h/d", "jdbc:mariadb://h/d"}) {
      try (Drivers drivers = Drivers.find("lib", url, JdbcKind.of(url), null)) {
        assertThat(drivers.driver()).isNotNull();
      }
    }
  }

  private static void jar(Path folder) throws IOException {
    Path source = folder.resolve("tiny/TinyDriver.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, TINY);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.toString(), source.toString()))
        .isZero();
    try (OutputStream file = Files.newOutputStream(folder.resolve("tiny.jar"));
        JarOutputStream jar = new JarOutputStream(file)) {
      jar.putNextEntry(new JarEntry("tiny/TinyDriver.class"));
      jar.write(Files.readAllBytes(folder.resolve("tiny/TinyDriver.class")));
      jar.putNextEntry(new JarEntry("META-INF/services/java.sql.Driver"));
      jar.write("tiny.TinyDriver\n".getBytes(StandardCharsets.UTF_8));
    }
  }
}
