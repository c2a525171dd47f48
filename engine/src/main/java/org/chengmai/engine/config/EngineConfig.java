package org.chengmai.engine.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.chengmai.dashboards.grafana.GrafanaConfig;
import org.chengmai.engine.querylog.QueryLogConfig;
import org.chengmai.engine.sql.SnapshotConfig;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.yaml.RecordReader;
import org.chengmai.indicators.yaml.YamlProblems;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration of an engine.
 *
 * @param city path of the city's YAML file
 * @param servers addresses of servers that others run; absent ones are started by the engine
 * @param libraries the base and topic libraries to federate
 * @param snapshots tables whose rows are kept in the data folder
 * @param views folders of {@code <library>.sql} view files
 * @param definitions folders of indicator definitions
 * @param catalog folders of files that describe the libraries' tables
 * @param feeds Kafka topics of others with observations
 * @param queryLog what is kept of queries that are over
 * @param execution where what no library computes alone is computed
 * @param trino the cluster for {@code execution: trino}
 * @param history how far back indicators are computed when the engine first sees their inputs
 */
public record EngineConfig(
    String city,
    ServerConfig server,
    ExternalServersConfig servers,
    List<UserConfig> users,
    List<LibraryConfig> libraries,
    List<SnapshotConfig> snapshots,
    List<String> views,
    List<String> definitions,
    List<String> catalog,
    List<FeedConfig> feeds,
    LimitsConfig limits,
    QueryLogConfig queryLog,
    Computing execution,
    @Nullable TrinoConfig trino,
    Duration history,
    GrafanaConfig grafana) {
  /** The library of the engine's own records, which every engine has. */
  public static final String OPERATIONS = "operations";

  /** Where queries over several libraries are computed. */
  public enum Computing {
    /** In this engine. */
    FEDERATED,
    /** On a Trino cluster, where it has all of a query's libraries. */
    TRINO
  }

  public static EngineConfig defaults() {
    return of(
        ServerConfig.defaults(),
        ExternalServersConfig.defaults(),
        List.of(),
        List.of(),
        Duration.ofDays(28));
  }

  /**
   * The defaults but for how it is reached, what it computes with which servers, and how far back;
   * the parameters are those of the components of their names.
   */
  public static EngineConfig of(
      ServerConfig server,
      ExternalServersConfig servers,
      List<String> views,
      List<String> definitions,
      Duration history) {
    return new EngineConfig(
        "city.yaml",
        server,
        servers,
        List.of(),
        List.of(),
        List.of(),
        views,
        definitions,
        List.of(),
        List.of(),
        LimitsConfig.defaults(),
        QueryLogConfig.defaults(),
        Computing.FEDERATED,
        null,
        history,
        GrafanaConfig.defaults());
  }

  public EngineConfig {
    unique("user", users.stream().map(UserConfig::name).toList());
    unique("library", libraries.stream().map(LibraryConfig::name).toList());
    if (libraries.stream().anyMatch(library -> library.name().equals(OPERATIONS))) {
      throw new IllegalArgumentException(
          "library '%s' holds the engine's own records; take another name".formatted(OPERATIONS));
    }
    unique("snapshot", snapshots.stream().map(SnapshotConfig::table).toList());
    unique("feed", feeds.stream().map(FeedConfig::name).toList());
    if (execution == Computing.TRINO && trino == null) {
      throw new IllegalArgumentException(
          "execution: trino needs trino: {url: …, user: …, catalogs: {library: catalog.schema}}");
    }
  }

  /** Reads a file; INVALID_DEFINITION with all problems, one a line. */
  public static EngineConfig read(Path file, Function<String, @Nullable String> environment) {
    YamlProblems problems = new YamlProblems(file.toString());
    EngineConfig config;
    try {
      config =
          new RecordReader(problems, environment).read(Files.readString(file), EngineConfig.class);
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND,
          "configuration %s cannot be read: %s".formatted(file, e.getMessage()),
          e);
    }
    problems.throwIfAny();
    return java.util.Objects.requireNonNull(config);
  }

  private static void unique(String what, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException("%s '%s' is named twice".formatted(what, name));
      }
    }
  }
}
