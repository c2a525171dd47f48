package org.chengmai.engine.sql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;
import org.chengmai.connectors.Source;
import org.chengmai.engine.RealServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** PostgreSQL behind a driver that offers no copy, and a URL that nothing is known of: a cursor. */
@ExtendWith(RealServers.class)
final class PostgresCursorReaderIT extends PostgresReaderIT {
  private static final String PREFIX = "jdbc:plain:";
  private static final Driver DRIVER = new PlainDriver();

  @Override
  Source open(Path work) throws Exception {
    DriverManager.registerDriver(DRIVER);
    return super.open(work);
  }

  @AfterAll
  static void deregister() throws SQLException {
    DriverManager.deregisterDriver(DRIVER);
  }

  @Override
  String application() {
    return "arrow-cursor";
  }

  @Override
  String url() {
    return super.url().replace("jdbc:", PREFIX);
  }

  /** PostgreSQL's driver, whose connections own up to being nothing else. */
  public static final class PlainDriver implements Driver {
    private final Driver postgres = new org.postgresql.Driver();

    @Override
    public Connection connect(String url, Properties settings) throws SQLException {
      if (!acceptsURL(url)) {
        return null;
      }
      Connection connection = postgres.connect(url.replace(PREFIX, "jdbc:"), settings);
      return (Connection)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Connection.class},
              (self, method, arguments) -> {
                try {
                  return method.getName().equals("isWrapperFor")
                      ? Boolean.FALSE
                      : method.invoke(connection, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    @Override
    public boolean acceptsURL(String url) {
      return url.startsWith(PREFIX);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties settings) {
      return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
      return postgres.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
      return postgres.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
      return false;
    }

    @Override
    public Logger getParentLogger() {
      return Logger.getGlobal();
    }
  }
}
