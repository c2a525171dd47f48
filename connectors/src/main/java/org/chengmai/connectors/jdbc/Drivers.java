package org.chengmai.connectors.jdbc;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The driver of one source: from the class path, or from the jars of a folder, which have a class
 * loader of their own so that their libraries never meet ours.
 */
final class Drivers implements AutoCloseable {
  private final Driver driver;
  private final @Nullable URLClassLoader loader;

  private Drivers(Driver driver, @Nullable URLClassLoader loader) {
    this.driver = driver;
    this.loader = loader;
  }

  /**
   * Throws INVALID_DEFINITION naming the jar, where it belongs and where it comes from when there
   * is no driver.
   */
  static Drivers find(String library, String url, JdbcKind kind, @Nullable Path folder) {
    Driver known = find(kind, url, Drivers.class.getClassLoader());
    if (known != null) {
      return new Drivers(known, null);
    }
    URLClassLoader jars = jars(library, folder);
    if (jars != null) {
      Driver added = find(kind, url, jars);
      if (added != null) {
        return new Drivers(added, jars);
      }
      close(jars);
    }
    throw new ChengmaiException(ErrorCode.INVALID_DEFINITION, missing(library, kind, folder));
  }

  private static String missing(String library, JdbcKind kind, @Nullable Path folder) {
    String place =
        folder == null ? "the class path" : folder.toAbsolutePath().normalize().toString();
    if (kind.artifact().isEmpty()) {
      return "source %s: no driver takes a URL that begins with '%s'; put the jar of the database's JDBC driver into %s"
          .formatted(library, kind.prefix(), place);
    }
    String[] parts = kind.artifact().split(":");
    return "source %s: there is no driver for '%s'; put %s-%s.jar with what it depends on (Maven: %s) into %s"
        .formatted(library, kind.prefix(), parts[1], parts[2], kind.artifact(), place);
  }

  private static @Nullable Driver find(JdbcKind kind, String url, ClassLoader loader) {
    if (!kind.driver().isEmpty()) {
      try {
        return (Driver)
            Class.forName(kind.driver(), true, loader).getDeclaredConstructor().newInstance();
      } catch (ReflectiveOperationException | LinkageError e) {
        // perhaps under another name
      }
    }
    if (loader == Drivers.class.getClassLoader()) {
      try {
        return DriverManager.getDriver(url);
      } catch (SQLException e) {
        // no driver of the class path takes it
        return null;
      }
    }
    try {
      for (Driver driver : ServiceLoader.load(Driver.class, loader)) {
        if (driver.acceptsURL(url)) {
          return driver;
        }
      }
    } catch (ServiceConfigurationError | SQLException e) {
      // a broken jar among them: as if it were not there
    }
    return null;
  }

  private static @Nullable URLClassLoader jars(String library, @Nullable Path folder) {
    if (folder == null || !Files.isDirectory(folder)) {
      return null;
    }
    List<URL> jars = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".jar")).sorted().toList()) {
        jars.add(file.toUri().toURL());
      }
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "source %s: the drivers' folder %s cannot be read: %s"
              .formatted(library, folder, e.getMessage()),
          e);
    }
    return jars.isEmpty()
        ? null
        : new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  Driver driver() {
    return driver;
  }

  private static void close(URLClassLoader loader) {
    try {
      loader.close();
    } catch (IOException e) {
      // its jars stay open until the process ends
    }
  }

  @Override
  public void close() {
    if (loader != null) {
      close(loader);
    }
  }
}
