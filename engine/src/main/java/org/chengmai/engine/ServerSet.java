package org.chengmai.engine;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.chengmai.connectors.process.DruidServer;
import org.chengmai.connectors.process.KafkaServer;
import org.chengmai.connectors.process.MariaDbServer;
import org.chengmai.connectors.process.Ports;
import org.chengmai.connectors.process.PostgresServer;
import org.chengmai.connectors.process.Server;
import org.chengmai.connectors.process.ServerEvent;
import org.chengmai.connectors.process.ServerListener;
import org.chengmai.connectors.process.ServerState;
import org.chengmai.connectors.process.Servers;
import org.chengmai.engine.config.ExternalServersConfig;
import org.jspecify.annotations.Nullable;

/**
 * The servers behind the engine: those that the configuration names by address, and the rest as
 * children of ours. One code path: everything else only sees addresses.
 */
public final class ServerSet implements AutoCloseable {
  private static final String DATABASE = "chengmai";

  private final ExternalServersConfig external;
  private final @Nullable PostgresServer postgres;
  private final @Nullable KafkaServer kafka;
  private final @Nullable DruidServer druid;
  private final @Nullable MariaDbServer mariadb;
  private final Map<String, ServerEvent> latest = new ConcurrentHashMap<>();

  /**
   * @param folder data folder of the children
   * @param home distribution folder that holds {@code servers/kafka} and {@code servers/druid}
   * @param withMariaDb whether a MariaDB is started too
   */
  public ServerSet(
      ExternalServersConfig external, Path folder, Path home, Ports ports, boolean withMariaDb) {
    this.external = external;
    this.postgres = external.postgresUrl() == null ? new PostgresServer(folder, ports) : null;
    this.kafka =
        external.kafka() == null
            ? new KafkaServer(folder, home.resolve("servers/kafka"), ports, 256)
            : null;
    this.druid =
        external.druidBroker() == null
            ? new DruidServer(folder, home.resolve("servers/druid"), ports, 900)
            : null;
    this.mariadb = withMariaDb ? new MariaDbServer(folder, ports) : null;
  }

  /**
   * Starts all children at the same time and returns when each answers; the first failure stops the
   * others.
   */
  public void start(ServerListener listener) {
    ServerListener recording =
        event -> {
          latest.put(event.server(), event);
          listener.on(event);
        };
    new Servers(children()).start(recording);
    if (postgres != null) {
      postgres.createDatabase(DATABASE);
    }
  }

  /** The latest word of every child, in order of their names. */
  public List<ServerEvent> events() {
    return latest.values().stream().sorted(Comparator.comparing(ServerEvent::server)).toList();
  }

  public boolean ready() {
    return children().stream().allMatch(child -> child.state() == ServerState.READY);
  }

  public List<Server> children() {
    List<Server> children = new ArrayList<>();
    for (Server child : new @Nullable Server[] {postgres, kafka, druid, mariadb}) {
      if (child != null) {
        children.add(child);
      }
    }
    return children;
  }

  /** JDBC address of the engine's own database. */
  public String postgresUrl() {
    return postgres != null
        ? postgres.url(DATABASE)
        : Objects.requireNonNull(external.postgresUrl());
  }

  public @Nullable String postgresUser() {
    return postgres != null ? postgres.user() : external.postgresUser();
  }

  public @Nullable String postgresPassword() {
    return postgres != null ? postgres.password() : external.postgresPassword();
  }

  /** The embedded PostgreSQL, for the demo's own databases; null when an external one is used. */
  public @Nullable PostgresServer postgres() {
    return postgres;
  }

  public @Nullable MariaDbServer mariadb() {
    return mariadb;
  }

  public String kafka() {
    return kafka != null ? kafka.address() : Objects.requireNonNull(external.kafka());
  }

  public URI druidBroker() {
    return druid != null
        ? druid.broker()
        : URI.create(Objects.requireNonNull(external.druidBroker()));
  }

  public URI druidCoordinator() {
    return druid != null
        ? druid.coordinator()
        : URI.create(Objects.requireNonNull(external.druidCoordinator()));
  }

  /** Process ids of the children by name, for crash tests and the doctor. */
  public Map<String, Long> pids() {
    Map<String, Long> pids = new LinkedHashMap<>();
    children().forEach(child -> child.pid().ifPresent(pid -> pids.put(child.name(), pid)));
    return pids;
  }

  /** Stops the children, the readers of the log before the log. */
  @Override
  public void close() {
    for (Server child : new @Nullable Server[] {druid, mariadb, kafka, postgres}) {
      if (child != null) {
        child.stop();
      }
    }
  }
}
